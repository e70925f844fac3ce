// The tracks of the nodes, the calls and the faults.

function paintTrack(node) {
  const top = trackTop(node.id);
  const band = area.hasLog ? area.track * 0.52 : area.track;
  context.font = font;
  context.textBaseline = "middle";
  context.textAlign = "left";
  eachInView(node.lives, life => {
    const bar = barOf(life);
    context.fillStyle = colours.back;
    if (life.state === "up" || life.state === "paused")
      context.fillRect(bar.left, top, bar.width, area.track);
    else
      writeIn(bar, top + band / 2, life.state === "lost" ? "lost" : "down", colours.text);
  });
  eachInView(node.roles, role => paintRole(role, top, band));
  if (area.hasLog && shows.log) paintLog(node, top + band, area.track - band);
  context.strokeStyle = node.id === view.node ? colours.soft : colours.line;
  context.lineWidth = 1;
  eachInView(node.lives, life => {
    const bar = barOf(life);
    if (life.state === "up" || life.state === "paused")
      context.strokeRect(bar.left, top, bar.width, area.track);
    if (life.state === "paused") {
      context.fillStyle = hatch(colours.paused, "rgba(0,0,0,0)", 8);
      context.fillRect(bar.left, top, bar.width, area.track);
    }
  });
}

function paintRole(role, top, band) {
  const bar = barOf(role);
  const isLed = role.leader !== "unknown";
  const name = role.role.toLowerCase();
  const isKnown = name === "leading" || name === "campaigning";
  context.fillStyle = isKnown ? colours[name] : isLed ? colours.following : colours.unled;
  context.fillRect(bar.left, top, bar.width, band);

  // Where one ends and the next begins, even if they look alike.
  context.fillStyle = colours.back;
  context.fillRect(bar.left, top, bar.width > 3 ? 1 : 0, band);
  const words = {
    leading: [`leads t${role.term}`, `t${role.term}`],
    campaigning: [`campaigns t${role.term}`, `t${role.term}`],
  }[name] ?? (isLed
    ? [`follows ${role.leader} t${role.term}`, `t${role.term}`]
    : [`no leader t${role.term}`, `t${role.term}`]);
  context.font = name === "leading" ? `bold ${font}` : font;
  const text = isKnown ? colours[`${name}Text`] : colours.followingText;
  if (band >= 10 && !writeIn(bar, top + band / 2 + 0.5, words[0], text))
    writeIn(bar, top + band / 2 + 0.5, words[1], text);
}

// Writes into a bar, at its left or at that of the view; says whether there was room.
function writeIn(bar, y, text, colour) {
  const left = Math.max(bar.left, area.left) + 4;
  if (left + context.measureText(text).width > bar.left + bar.width - 2) return false;
  context.fillStyle = colour;
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillText(text, left, y);
  return true;
}

// Close up: each record from when it was appended until it was durable. From afar: how many there
// are, in the dark colour as far as they are durable.
function paintLog(node, top, height) {
  const to = view.from + view.span;
  const first = countUpTo(node.recordTimes, view.from);
  const last = countUpTo(node.recordTimes, to);
  if (last - first > (area.width - area.left) / 5) return paintLogCurve(node, top, height);
  const begin = Math.max(0, first - 64);
  for (let at = begin; at < last; at++) {
    const record = node.records[at];
    if (record.t1 < view.from) continue;
    const bar = barOf(record);
    context.fillStyle = record.isLost ? hatch(colours.bad, colours.appended, 4) : colours.appended;
    context.fillRect(bar.left, top + 2, bar.width, height - 6);
    context.fillStyle = record.isLost ? colours.bad : colours.durable;
    if (record.durable !== noEvent || record.isLost)
      context.fillRect(bar.left + bar.width - 1, top + 2, 3, height - 6);
    context.font = smallFont;
    if (height > 14) writeIn(bar, top + height / 2 - 0.5, `${record.number}`, colours.text);
  }
  paintApplied(node, top + height - 3);
}

function paintApplied(node, top) {
  const first = countUpTo(node.appliedTimes, view.from);
  const last = countUpTo(node.appliedTimes, view.from + view.span);
  context.fillStyle = colours.applied;
  for (let at = first; at < last; at++)
    context.fillRect(xOf(node.appliedTimes[at]) - 1, top, 2, 3);
}

function paintLogCurve(node, top, height) {
  const step = 2;
  const full = height - 3;
  for (let x = area.left; x < area.width; x += step) {
    const time = timeAt(x);
    if (time < 0 || time > endTime) continue;
    const appended = countUpTo(node.appendedTimes, time);
    const durable = countUpTo(node.durableTimes, time);
    const high = appended ? numberOf[places[Kind.Appended][node.id][appended - 1]] : 0;
    const sure = durable ? numberOf[places[Kind.Durable][node.id][durable - 1]] : 0;
    context.fillStyle = colours.appended;
    context.fillRect(x, top + height - 1 - full * high / recordMax, step, full * high / recordMax);
    context.fillStyle = colours.durable;
    const sureHeight = full * Math.min(sure, high) / recordMax;
    context.fillRect(x, top + height - 1 - sureHeight, step, sureHeight);
  }
}

function paintClients() {
  if (!shows.clients) return;
  const to = view.from + view.span;
  const ends = [];
  for (let at = countUpTo(callTimes, view.from - callMax - 1e-9); at < calls.length; at++) {
    const call = calls[at];
    if (call.t0 > to) break;
    if (call.t1 < view.from || (!shows.future && call.t0 > view.time)) continue;
    const bar = barOf(call);
    const isOk = call.end === "ok";

    // From afar, one that went well is not drawn over the pixel of one before.
    if (isOk && bar.left + bar.width < (ends[call.row] ?? 0)) continue;
    const y = area.clientTop + call.row * area.callHeight;
    context.fillStyle = colours[call.end] ?? hatch(colours.ok, colours.back, 4);
    const width = isOk ? Math.max(1, bar.width - 1) : Math.max(2, bar.width - 1);
    context.fillRect(bar.left, y, width, Math.max(2, area.callHeight - 1.5));
    if (call.end === "unknown") {
      context.fillStyle = colours.back;
      context.fillRect(bar.left, y + area.callHeight / 2 - 1, width, 1);
    }
    ends[call.row] = Math.floor(bar.left + bar.width) + 1;
  }
}

// Each in the first row in which it and its label have room; without a label if there is none.
function paintFaults() {
  context.fillStyle = colours.back;
  context.fillRect(area.left, 0, area.width, area.faultTop + area.faultHeight);
  context.font = font;
  context.textAlign = "left";
  context.textBaseline = "middle";
  const ends = new Array(area.faultRows).fill(-Infinity);
  for (const fault of faults) fault.shown = null;
  eachInView(faults, fault => {
    if (!shows.future && fault.t0 > view.time) return;
    const bar = barOf(fault);
    const label = Math.max(bar.left, area.left) + 5;
    const right = label + context.measureText(fault.label).width + 4;
    const row = ends.findIndex(end => end <= bar.left);
    const place = row < 0 ? area.faultRows - 1 : row;
    const y = area.faultTop + 1 + place * faultRowHeight;
    ends[place] = Math.max(ends[place], right, bar.left + bar.width);
    fault.shown = { left: bar.left, right: Math.max(right, bar.left + bar.width), y };
    context.fillStyle = colours.faultFill;
    context.fillRect(bar.left, y, bar.width, faultRowHeight - 3);
    context.fillStyle = colours.fault;
    context.fillRect(xOf(fault.t0) - 1, y, 2.5, faultRowHeight - 3);
    context.fillStyle = colours.text;
    if (row >= 0) context.fillText(fault.label, label, y + 7);
  });
}
