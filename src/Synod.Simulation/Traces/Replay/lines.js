// The messages, as lines between the tracks.

// The messages in view. Where too many would be drawn over each other, of those of one kind
// between the same two nodes one is drawn for some pixels; lost ones are rather kept.
function messagesInView() {
  const first = countUpTo(messageTimes, view.from - flightMax - 1e-9);
  const to = view.from + view.span;
  const inView = [];
  for (let at = first; at < messages.length && messages[at].t0 <= to; at++) {
    const message = messages[at];
    if (message.t1 < view.from || !isMessageShown(message)) continue;
    if (!shows.future && message.t0 > view.time) continue;
    inView.push(message);
  }
  return inView;
}

function thinned(inView) {
  const room = area.width;
  if (inView.length < room) return inView;
  const gap = inView.length > 4 * room ? 3 : 1.5;
  const newest = new Map();
  return inView.filter(message => {
    const lost = message.isLost ? 1 : 0;
    const key = ((message.from * 16 + message.to) * 64 + message.word.place) * 2 + lost;
    const x = xOf(message.t0);
    if (newest.has(key) && x - newest.get(key) < (lost ? 1 : gap)) return false;
    newest.set(key, x);
    return true;
  });
}

function lineOf(message) {
  const isDownward = message.to > message.from;
  const y0 = trackTop(message.from) + (isDownward ? area.track : 0);
  const y1 = trackTop(message.to) + (isDownward ? 0 : area.track);
  const x0 = xOf(message.t0);
  const x1 = xOf(message.t1);
  const isAtOnce = message.t1 === message.t0;

  // One that was lost at once, or never arrived, ends near its sender.
  const share = isAtOnce ? Math.min(1, 16 / Math.abs(y1 - y0)) : message.isLost ? 0.9 : 1;
  return { x0, y0, x1: x0 + (x1 - x0) * share, y1: y0 + (y1 - y0) * share };
}

function paintMessages() {
  const inView = messagesInView();
  const drawn = thinned(inView);
  const isSampled = drawn.length < inView.length;
  sampledNote.hidden = !isSampled;
  if (isSampled) {
    sampledNote.textContent =
      `${drawn.length} of ${inView.length} messages in view drawn: zoom in for all`;
  }
  const isDense = drawn.length > 600;
  context.globalAlpha = isSampled ? 0.35 : isDense ? 0.6 : 0.95;
  context.lineWidth = isDense ? 1 : 1.4;
  for (const word of words.values()) {
    const lines = drawn.filter(message => message.word === word && !message.isLost);
    if (lines.length) strokeLines(lines, colourOf(word), word.word.endsWith("Reply"));
    const lost = drawn.filter(message => message.word === word && message.isLost);
    if (lost.length) paintLost(lost, colourOf(word), drawn.length);
  }
  context.globalAlpha = 1;
  if (drawn.length < 300) paintArrows(drawn);
  if (drawn.length < 60) paintLabels(drawn);
}

function strokeLines(lines, colour, isReply) {
  context.strokeStyle = colour;
  context.setLineDash(isReply && lines.length < 400 ? [5, 3] : []);
  context.beginPath();
  for (const message of lines) {
    const line = lineOf(message);
    context.moveTo(line.x0, line.y0);
    context.lineTo(line.x1, line.y1);
  }
  context.stroke();
  context.setLineDash([]);
}

function paintLost(lines, colour, total) {
  strokeLines(lines, colour, false);
  const size = total > 2000 ? 2 : 4;
  context.strokeStyle = colours.bad;
  context.save();
  context.globalAlpha = total > 2000 ? 0.7 : 1;
  context.beginPath();
  for (const message of lines) {
    const { x1, y1 } = lineOf(message);
    context.moveTo(x1 - size, y1 - size);
    context.lineTo(x1 + size, y1 + size);
    context.moveTo(x1 - size, y1 + size);
    context.lineTo(x1 + size, y1 - size);
  }
  context.stroke();
  context.restore();
}

function paintArrows(drawn) {
  for (const message of drawn) {
    if (message.isLost || message.end === noEvent) continue;
    const { x0, y0, x1, y1 } = lineOf(message);
    const angle = Math.atan2(y1 - y0, x1 - x0);
    context.fillStyle = colourOf(message.word);
    context.beginPath();
    context.moveTo(x1, y1);
    context.lineTo(x1 - 8 * Math.cos(angle - 0.35), y1 - 8 * Math.sin(angle - 0.35));
    context.lineTo(x1 - 8 * Math.cos(angle + 0.35), y1 - 8 * Math.sin(angle + 0.35));
    context.fill();
  }
}

// Words on the lines, next to the sender, where there is room and none was written before.
function paintLabels(drawn) {
  context.font = smallFont;
  context.textAlign = "center";
  context.textBaseline = "bottom";
  const taken = [];
  for (const message of drawn) {
    const { x0, y0, x1, y1 } = lineOf(message);
    const text = shortOf(message);
    const width = context.measureText(text).width;
    const share = Math.min(0.5, (area.pitch - area.track) / 2 / Math.max(1, Math.abs(y1 - y0)));
    const middle = x0 + (x1 - x0) * share;
    const y = y0 + (y1 - y0) * share;
    const isFree = taken.every(other =>
      Math.abs(other.y - y) > 13 || Math.abs(other.x - middle) > (other.width + width) / 2 + 6);
    if (!isFree || middle - width / 2 < area.left || middle + width / 2 > area.width) continue;
    taken.push({ x: middle, y, width });
    context.lineWidth = 3;
    context.strokeStyle = colours.halo;
    context.fillStyle = colourOf(message.word);
    context.strokeText(text, middle, y + 5);
    context.fillText(text, middle, y + 5);
  }
}

// Of an append what it carries, of all others the kind and the term.
function shortOf(message) {
  const text = textOf(message.sent);
  const said = /^(\w+)(?: (t\d+))?/.exec(text);
  const entries = / entries (\d+)$/.exec(text);
  const count = entries ? ` +${entries[1]}` : "";
  return said ? `${said[1]} ${said[2] ?? ""}${count}`.trim() : text;
}

// What is on its way at the cursor, as dots: while playing they move.
function paintFlying() {
  const to = countUpTo(messageTimes, view.time);
  for (let at = countUpTo(messageTimes, view.time - flightMax - 1e-9); at < to; at++) {
    const message = messages[at];
    if (message.t1 <= view.time || message.t1 <= message.t0 || !isMessageShown(message)) continue;
    const { y0, y1 } = lineOf(message);
    const share = (view.time - message.t0) / (message.t1 - message.t0);
    context.fillStyle = colourOf(message.word);
    context.strokeStyle = colours.back;
    context.lineWidth = 1;
    context.beginPath();
    context.arc(xOf(view.time), y0 + (y1 - y0) * share, 4.5, 0, 7);
    context.fill();
    context.stroke();
  }
}
