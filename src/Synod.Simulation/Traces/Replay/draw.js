// The lanes, and the strip with the whole run.

const canvas = document.getElementById("lanes");
const context = canvas.getContext("2d");
const scrub = document.getElementById("scrub");
const scrubContext = scrub.getContext("2d");
const sampledNote = document.getElementById("sampled");

// Colours of Okabe and Ito, lighter on dark; kinds of messages that share one differ in dashes.
const wordOrder =
  ["AppendEntries", "AppendReply", "RequestVote", "VoteReply", "PreVote", "PreVoteReply"];
const palettes = {
  light: {
    back: "#ffffff", lane: "#f3f5f7", text: "#1b2026", soft: "#5c6772", line: "#cfd6dd",
    following: "#c3ced8", unled: "#e3e8ec", followingText: "#26323c", leading: "#00795a",
    leadingText: "#ffffff", campaigning: "#e69f00", campaigningText: "#1b1400",
    down: "#8b949d", paused: "#b58900", lost: "#6b2d5c", appended: "#9cc9ea", durable: "#1f6fa8",
    applied: "#00795a", fault: "#a33b00", faultFill: "#f6c9a8", bad: "#c4001d", cursor: "#1b2026",
    ok: "#7f9bb3", failed: "#d55e00", unknown: "#9a4fa0", halo: "rgba(255,255,255,.85)",
    words: ["#0062a3", "#3d9bd6", "#c24e00", "#c78500", "#b0478a", "#cf8fb7", "#00795a", "#7a6a1a",
      "#5b4fa8", "#6b7680"],
  },
  dark: {
    back: "#14181d", lane: "#1b2128", text: "#e8edf2", soft: "#9aa7b3", line: "#36404a",
    following: "#3b4853", unled: "#272f37", followingText: "#dbe4ec", leading: "#12a37c",
    leadingText: "#04130e", campaigning: "#f0b429", campaigningText: "#1b1400",
    down: "#6d7781", paused: "#d9b23c", lost: "#b06a9f", appended: "#2f5f83", durable: "#6cb8f0",
    applied: "#2fc79b", fault: "#ffab73", faultFill: "#6b3a17", bad: "#ff5468", cursor: "#ffffff",
    ok: "#5e7c95", failed: "#ff8a3d", unknown: "#c98ad0", halo: "rgba(20,24,29,.85)",
    words: ["#58aef0", "#9fd2f7", "#ff8a3d", "#f0b429", "#e58cc4", "#f0bfdd", "#2fc79b", "#d0be5a",
      "#a99cf5", "#a9b4be"],
  },
};
const font = "11px system-ui, sans-serif";
const smallFont = "10px system-ui, sans-serif";
let colours = palettes.light;
let area = null;

function colourOf(word) {
  const known = wordOrder.indexOf(word.word);
  const others = [...words.values()].filter(other => !wordOrder.includes(other.word));
  const place = known >= 0 ? known : wordOrder.length + others.indexOf(word);
  return colours.words[place % colours.words.length];
}

const faultRowHeight = 16;

// Where things are: the axis, the faults, a track for each node with a lane around it, the
// clients. Messages are in the gaps between the tracks.
function layOut() {
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  const left = width < 560 ? 40 : 76;
  const faultRows = height > 540 ? 4 : 3;
  const faultTop = 22;
  const faultHeight = faultRows * faultRowHeight + 4;
  const callHeight = shows.clients ? Math.min(8, 60 / callRows) : 0;
  const clientHeight = shows.clients ? callRows * callHeight + 12 : 0;
  const nodesTop = faultTop + faultHeight + 6;
  const nodesHeight = height - nodesTop - clientHeight;
  const track = Math.max(12, Math.min(40, nodesHeight / run.nodes * 0.48));
  const rim = Math.min(9, nodesHeight / run.nodes * 0.1);
  const slack = nodesHeight - track - 2 * rim;
  const pitch = run.nodes > 1 ? slack / (run.nodes - 1) : 0;
  const firstTop = nodesTop + rim + (run.nodes > 1 ? 0 : slack / 2);
  return {
    width, height, left, faultRows, faultTop, faultHeight, callHeight, nodesTop, track, rim, pitch,
    firstTop, clientTop: height - clientHeight + 8, hasLog: track >= 26,
  };
}

function xOf(time) {
  return area.left + (time - view.from) / view.span * (area.width - area.left);
}

function timeAt(x) {
  return view.from + (x - area.left) / (area.width - area.left) * view.span;
}

function trackTop(id) {
  return area.firstTop + (id - 1) * area.pitch;
}

// The node whose track is nearest; 0 if none is near.
function nodeAt(y) {
  for (let id = 1; id <= run.nodes; id++) {
    const top = trackTop(id);
    if (y >= top - area.rim && y <= top + area.track + area.rim) return id;
  }
  return 0;
}

function fit(element, drawing) {
  const scale = window.devicePixelRatio || 1;
  const width = Math.round(element.clientWidth * scale);
  const height = Math.round(element.clientHeight * scale);
  if (element.width !== width || element.height !== height) {
    element.width = width;
    element.height = height;
  }
  drawing.setTransform(scale, 0, 0, scale, 0, 0);
}

function paintLanes() {
  fit(canvas, context);
  area = layOut();
  context.fillStyle = colours.back;
  context.fillRect(0, 0, area.width, area.height);
  context.save();
  context.beginPath();
  context.rect(area.left, 0, area.width - area.left, area.height);
  context.clip();
  paintLives();
  paintLeaders();
  paintMessages();
  for (const node of nodes.slice(1)) paintTrack(node);
  paintClients();
  paintFaults();
  paintAxis();
  paintFuture();
  paintSelection();
  paintCursor();
  paintViolations();
  context.restore();
  paintGutter();
}

// Runs over what of a list of stretches is in view.
function eachInView(stretches, visit) {
  const to = view.from + view.span;
  for (const stretch of stretches) {
    if (stretch.t1 >= view.from && stretch.t0 <= to) visit(stretch);
  }
}

function barOf(stretch) {
  const left = Math.max(area.left - 2, xOf(stretch.t0));
  const right = Math.min(area.width + 2, xOf(stretch.t1));
  return { left, width: Math.max(1, right - left) };
}

const hatches = new Map();

function hatch(colour, back, step) {
  const key = `${colour} ${back} ${step}`;
  if (!hatches.has(key)) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = step;
    const drawing = tile.getContext("2d");
    drawing.fillStyle = back;
    drawing.fillRect(0, 0, step, step);
    drawing.strokeStyle = colour;
    drawing.beginPath();
    for (const shift of [-step, 0, step]) {
      drawing.moveTo(shift, step);
      drawing.lineTo(shift + step, 0);
    }
    drawing.stroke();
    hatches.set(key, context.createPattern(tile, "repeat"));
  }
  return hatches.get(key);
}

function paintLives() {
  for (const node of nodes.slice(1)) {
    const top = trackTop(node.id) - area.rim;
    const height = area.track + 2 * area.rim;
    context.fillStyle = colours.lane;
    context.fillRect(area.left, top, area.width, height);
    eachInView(node.lives, life => {
      if (life.state === "up") return;
      const bar = barOf(life);
      const step = { down: 6, paused: 10, lost: 4 }[life.state];
      context.fillStyle = hatch(colours[life.state], colours.lane, step);
      context.fillRect(bar.left, top, bar.width, height);
    });
  }
}

// A line down through all lanes where somebody begins to lead.
function paintLeaders() {
  context.strokeStyle = colours.leading;
  context.lineWidth = 1;
  context.setLineDash([5, 4]);
  context.beginPath();
  eachInView(leaders.map(leader => ({ t0: leader.t0, t1: leader.t0 })), leader => {
    const x = Math.round(xOf(leader.t0)) + 0.5;
    context.moveTo(x, area.nodesTop);
    context.lineTo(x, area.height);
  });
  context.stroke();
  context.setLineDash([]);
}

function paintAxis() {
  const step = niceStep(view.span / Math.max(2, (area.width - area.left) / 110));
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  context.strokeStyle = colours.line;
  context.fillStyle = colours.soft;
  context.font = smallFont;
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.lineWidth = 1;
  context.beginPath();
  const last = Math.min(endTime, view.from + view.span);
  for (let n = Math.ceil(Math.max(0, view.from) / step); n * step <= last; n++) {
    const x = Math.round(xOf(n * step)) + 0.5;
    context.moveTo(x, 0);
    context.lineTo(x, area.faultTop - 4);
    context.fillText(axisText(n * step, step, digits), x + 3, 9);
  }
  context.moveTo(area.left, area.faultTop - 2.5);
  context.lineTo(area.width, area.faultTop - 2.5);
  context.moveTo(area.left, area.nodesTop - 2.5);
  context.lineTo(area.width, area.nodesTop - 2.5);
  context.stroke();
}

function axisText(time, step, digits) {
  return step >= 500 ? `${+(time / 1000).toFixed(1)} s` : `${time.toFixed(digits)} ms`;
}

function niceStep(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map(factor => factor * power).find(step => step >= least);
}

// What has not happened yet at the cursor.
function paintFuture() {
  const x = xOf(view.time);
  if (shows.future || x > area.width) return;
  context.fillStyle = colours.back;
  context.fillRect(Math.max(x, area.left), area.faultTop, area.width, area.height);
}

function paintSelection() {
  const i = view.selected;
  if (i === noEvent) return;
  context.strokeStyle = colours.cursor;
  context.lineWidth = 2.5;
  const message = messageOf[i] >= 0 ? messages[messageOf[i]] : null;
  if (message) {
    const { x0, y0, x1, y1 } = lineOf(message);
    context.beginPath();
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
    context.stroke();
    context.beginPath();
    context.arc(x0, y0, 3, 0, 7);
    context.stroke();
  } else if (nodeOf[i] && kindOf[i] !== Kind.Fault && kindOf[i] !== Kind.Healed) {
    context.beginPath();
    context.arc(xOf(timeOf[i]), trackTop(nodeOf[i]) + area.track / 2, 6, 0, 7);
    context.stroke();
  }
  if (kindOf[i] === Kind.Fault) paintTarget(i);
}

// From a fault down to the node that it hits.
function paintTarget(event) {
  const x = xOf(timeOf[event]);
  context.strokeStyle = colours.fault;
  context.lineWidth = 1.5;
  context.setLineDash([2, 3]);
  context.beginPath();
  context.moveTo(x, area.faultTop);
  context.lineTo(x, nodeOf[event] ? trackTop(nodeOf[event]) + area.track : area.height);
  context.stroke();
  context.setLineDash([]);
}

function paintViolations() {
  for (const event of violationEvents) {
    const x = Math.round(xOf(timeOf[event]));
    if (x < area.left - 2 || x > area.width + 2) continue;
    context.fillStyle = colours.bad;
    context.fillRect(x - 1, 0, 3, area.height);
    paintFlag(x, textOf(event).split("\n", 1)[0]);
  }
}

// The text stands left of its line, as a violation ends a run, and as far as there is room.
function paintFlag(x, text) {
  context.font = `bold ${font}`;
  const isLeft = x - area.left > area.width - x;
  const room = (isLeft ? x - area.left : area.width - x) - 16;
  let shown = text;
  while (shown.length > 4 && context.measureText(`${shown}…`).width > room)
    shown = shown.slice(0, -4);
  if (shown.length < text.length) shown += "…";
  const width = context.measureText(shown).width + 12;
  const top = area.faultTop + area.faultHeight - 18;
  context.fillRect(isLeft ? x - width : x, top, width, 18);
  context.fillStyle = colours.back;
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillText(shown, (isLeft ? x - width : x) + 6, top + 9.5);
}

function paintCursor() {
  const x = Math.round(xOf(view.time)) + 0.5;
  if (x < area.left - 1 || x > area.width + 1) return;
  context.strokeStyle = colours.cursor;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(x, 0);
  context.lineTo(x, area.height);
  context.stroke();
  context.fillStyle = colours.cursor;
  context.beginPath();
  context.moveTo(x - 6, 0);
  context.lineTo(x + 6, 0);
  context.lineTo(x, 8);
  context.fill();
  paintFlying();
}

function paintGutter() {
  context.fillStyle = colours.back;
  context.fillRect(0, 0, area.left, area.height);
  context.strokeStyle = colours.line;
  context.beginPath();
  context.moveTo(area.left - 0.5, 0);
  context.lineTo(area.left - 0.5, area.height);
  context.stroke();
  context.textAlign = "left";
  context.textBaseline = "middle";
  const isNarrow = area.left < 60;
  context.font = smallFont;
  context.fillStyle = colours.soft;
  context.fillText(isNarrow ? "flt" : "faults", 6, area.faultTop + 10);
  if (shows.clients) context.fillText(isNarrow ? "cli" : "clients", 6, area.clientTop + 6);
  for (const node of nodes.slice(1)) paintName(node, isNarrow);
}

const shortNames = { following: "foll.", campaigning: "camp.", leading: "leads" };

function paintName(node, isNarrow) {
  const y = trackTop(node.id) + area.track / 2;
  const state = stateOf(node.id, view.happened);
  if (node.id === view.node) {
    context.fillStyle = colours.text;
    context.fillRect(0, trackTop(node.id), 3, area.track);
  }
  const isTwoLines = area.track > 24;
  context.fillStyle = colours.text;
  context.font = "bold 13px system-ui, sans-serif";
  context.fillText(`n${node.id}`, 7, isTwoLines ? y - 7 : y);
  context.font = smallFont;
  const role = state.role?.role.toLowerCase();
  context.fillStyle = role === "leading" ? colours.leading : colours.soft;
  const said = state.isUp ? (state.role ? role : "up") : state.life.state;
  const text = isNarrow ? shortNames[said] ?? said : said;
  if (isTwoLines) context.fillText(text, 7, y + 8);
  else if (!isNarrow) context.fillText(shortNames[said] ?? said, 38, y);
}

// The whole run: a thin row for each node, the faults, what is in view, the cursor.
function paintScrub() {
  fit(scrub, scrubContext);
  const drawing = scrubContext;
  const width = scrub.clientWidth;
  const height = scrub.clientHeight;
  const at = time => time / endTime * width;
  const row = (height - 12) / run.nodes;
  drawing.fillStyle = colours.lane;
  drawing.fillRect(0, 0, width, height);
  for (const node of nodes.slice(1)) {
    const top = 10 + (node.id - 1) * row;
    for (const role of node.roles) {
      const name = role.role.toLowerCase();
      const isUnled = name === "following" && role.leader === "unknown";
      drawing.fillStyle = colours[isUnled ? "unled" : name] ?? colours.following;
      drawing.fillRect(at(role.t0), top, Math.max(1, at(role.t1) - at(role.t0)), row - 1);
    }
    for (const life of node.lives) {
      if (life.state === "up") continue;
      drawing.fillStyle = colours[life.state];
      drawing.fillRect(at(life.t0), top, Math.max(1, at(life.t1) - at(life.t0)), row - 1);
    }
  }
  drawing.fillStyle = colours.fault;
  for (const fault of faults) drawing.fillRect(at(fault.t0) - 1, 2, 2.5, 6);
  drawing.fillStyle = colours.bad;
  for (const event of violationEvents) drawing.fillRect(at(timeOf[event]) - 2, 0, 4, height);
  drawing.strokeStyle = colours.text;
  drawing.lineWidth = 1.5;
  const left = Math.max(1, at(view.from));
  const right = Math.min(width - 1, at(view.from + view.span));
  drawing.strokeRect(left, 1, Math.max(3, right - left), height - 2);
  drawing.fillStyle = colours.cursor;
  drawing.fillRect(at(view.time) - 1, 0, 2, height);
}

painters.push(paintLanes, paintScrub);
