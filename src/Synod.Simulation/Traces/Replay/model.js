// The run, decoded: columns of events, and what follows from them. Nothing here changes later.
// Times are in virtual milliseconds; an event is known by its place in the run.

const run = JSON.parse(document.getElementById("run").textContent);
const eventCount = run.kinds.length;
const kindNames = run.kindNames;
const Kind = Object.fromEntries(kindNames.map((name, place) => [name, place]));
const ticksPerMs = 10000;
const noEvent = -1;

const kindOf = new Uint8Array(eventCount);
const isBeat = new Uint8Array(eventCount);
const nodeOf = new Uint8Array(eventCount);
const peerOf = new Uint8Array(eventCount);
const timeOf = new Float64Array(eventCount);
const numberOf = new Float64Array(eventCount);
const fillStart = new Uint32Array(eventCount);
const fills = new Float64Array(run.fills.length);
const patterns = run.patterns.map(pattern => pattern.split("\u0001"));
const messageOf = new Int32Array(eventCount).fill(-1);

// Columns hold differences: of times to the event before, of numbers to the event of the same kind
// at the same node before, of the numbers in texts to the text of the same pattern before.
function decode() {
  const newestNumber = new Map();
  const newestFills = patterns.map(pattern => new Float64Array(pattern.length - 1));
  let ticks = 0;
  let fill = 0;
  for (let i = 0; i < eventCount; i++) {
    const code = run.kinds.charCodeAt(i);
    isBeat[i] = code < 97 ? 1 : 0;
    kindOf[i] = code - (isBeat[i] ? 65 : 97);
    nodeOf[i] = parseInt(run.where[i], 36);
    peerOf[i] = parseInt(run.peers[i], 36);
    ticks += run.times[i];
    timeOf[i] = ticks / ticksPerMs;

    const place = kindOf[i] * 256 + nodeOf[i];
    numberOf[i] = (newestNumber.get(place) ?? 0) + run.numbers[i];
    newestNumber.set(place, numberOf[i]);

    fillStart[i] = fill;
    const newest = newestFills[run.texts[i]];
    for (let at = 0; at < newest.length; at++, fill++)
      fills[fill] = newest[at] += run.fills[fill];
  }
}

decode();
const endTime = Math.max(1, run.virtualTicks / ticksPerMs, eventCount ? timeOf[eventCount - 1] : 0);

function textOf(i) {
  const pattern = patterns[run.texts[i]];
  let text = pattern[0];
  for (let at = 1; at < pattern.length; at++)
    text += fills[fillStart[i] + at - 1] + pattern[at];
  return text;
}

// How many of a sorted column are not above a value.
function countUpTo(column, value) {
  let low = 0;
  let high = column.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (column[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

// Places of events at nodes, by kind: places[kind][node] is a sorted array of events.
const places = kindNames.map(() => Array.from({ length: run.nodes + 1 }, () => []));
for (let i = 0; i < eventCount; i++) places[kindOf[i]][nodeOf[i]].push(i);
const roleEvents = eventsOf(Kind.Role);
const faultEvents = eventsOf(Kind.Fault);
const violationEvents = eventsOf(Kind.Violated);

function eventsOf(...kinds) {
  return kinds.flatMap(kind => places[kind].flat()).sort((left, right) => left - right);
}

// Messages. A frame that arrives twice is two messages.
const messages = [];
const words = new Map();
let flightMax = 0;

function gatherMessages() {
  const sentAs = new Map();
  for (let i = 0; i < eventCount; i++) {
    if (kindOf[i] === Kind.Sent) {
      const word = textOf(i).split(" ", 1)[0];
      if (!words.has(word)) words.set(word, { word, place: words.size, count: 0, isShown: true });
      words.get(word).count++;
      const message = {
        sent: i, end: noEvent, from: nodeOf[i], to: peerOf[i], t0: timeOf[i], t1: timeOf[i],
        word: words.get(word), isLost: false, isBeat: isBeat[i] === 1,
      };
      sentAs.set(numberOf[i], message);
      messages.push(message);
    } else if (kindOf[i] === Kind.Delivered || kindOf[i] === Kind.Lost) {
      let message = sentAs.get(numberOf[i]);
      if (!message) continue;
      if (message.end !== noEvent) {
        message = { ...message };
        messages.push(message);
      }
      message.end = i;
      message.t1 = timeOf[i];
      message.isLost = kindOf[i] === Kind.Lost;
      flightMax = Math.max(flightMax, message.t1 - message.t0);
    }
  }

  messages.sort((left, right) => left.sent - right.sent || left.end - right.end);
  messages.forEach((message, place) => {
    if (messageOf[message.sent] < 0) messageOf[message.sent] = place;
    if (message.end !== noEvent) messageOf[message.end] = place;
  });
}

gatherMessages();
const messageTimes = Float64Array.from(messages, message => message.t0);

// What a node is over time: stretches of life, and stretches of a role.
const nodes = [null];
for (let id = 1; id <= run.nodes; id++) nodes.push(nodeWith(id));

function nodeWith(id) {
  const node =
    { id, lives: livesOf(id), records: [], recordAt: new Map(), links: new Map() };
  node.roles = rolesOf(id);
  gatherRecords(node);
  for (const event of eventsAt(id, Kind.LinkUp, Kind.LinkDown)) {
    const peer = peerOf[event];
    if (!node.links.has(peer)) node.links.set(peer, []);
    node.links.get(peer).push(event);
  }
  return node;
}

function eventsAt(id, ...kinds) {
  return kinds.flatMap(kind => places[kind][id]).sort((left, right) => left - right);
}

// States: up, down, paused, lost. A stretch of life ends where the next one begins.
function livesOf(id) {
  const lives = [{ t0: 0, t1: endTime, state: "down", event: noEvent, text: "not started yet" }];
  for (const event of eventsAt(id, Kind.Started, Kind.Stopped, Kind.Paused, Kind.Resumed)) {
    const state = stateAfter(event);
    lives[lives.length - 1].t1 = timeOf[event];
    const text = kindOf[event] === Kind.Stopped ? textOf(event) : "";
    lives.push({ t0: timeOf[event], t1: endTime, state, event, text });
  }
  return lives;
}

function stateAfter(event) {
  switch (kindOf[event]) {
    case Kind.Started: case Kind.Resumed: return "up";
    case Kind.Paused: return "paused";

    // A node that has found its disk damaged or empty stays out for good.
    default: return numberOf[event] === 4 ? "lost" : "down";
  }
}

function rolesOf(id) {
  const roles = [];
  for (const event of eventsAt(id, Kind.Role, Kind.Stopped, Kind.Began)) {
    const last = roles[roles.length - 1];
    if (last && last.isOpen) {
      last.t1 = timeOf[event];
      last.isOpen = false;
    }
    if (kindOf[event] !== Kind.Role) continue;
    const said = textOf(event).split(" ");
    roles.push({
      t0: timeOf[event], t1: endTime, isOpen: true, event, node: id,
      role: said[0], term: numberOf[event], leader: said[said.length - 1],
    });
  }
  return roles;
}

// A record from when it was appended until it was durable, or until it was lost with the process.
function gatherRecords(node) {
  const pending = new Map();
  const newest = new Map();
  for (const event of eventsAt(node.id, Kind.Appended, Kind.Durable, Kind.Stopped)) {
    if (kindOf[event] === Kind.Appended) {
      const record = { number: numberOf[event], appended: event, durable: noEvent,
        t0: timeOf[event], t1: endTime, isLost: false };
      node.records.push(record);
      node.recordAt.set(event, record);
      pending.set(record.number, record);
      newest.set(record.number, record);
    } else if (kindOf[event] === Kind.Durable) {
      // One that seemed lost may have reached the disk: the next life finds it.
      const record = newest.get(numberOf[event]);
      if (!record || record.durable !== noEvent) continue;
      record.durable = event;
      record.t1 = timeOf[event];
      record.isLost = false;
      pending.delete(record.number);
    } else {
      for (const record of pending.values()) {
        record.t1 = timeOf[event];
        record.isLost = true;
      }
      pending.clear();
    }
  }
  node.recordTimes = Float64Array.from(node.records, record => record.t0);
  node.appendedTimes = Float64Array.from(places[Kind.Appended][node.id], event => timeOf[event]);
  node.durableTimes = Float64Array.from(places[Kind.Durable][node.id], event => timeOf[event]);
  node.appliedTimes = Float64Array.from(places[Kind.Applied][node.id], event => timeOf[event]);
}

let recordMax = 1;
for (const i of eventsOf(Kind.Appended)) recordMax = Math.max(recordMax, numberOf[i]);

const leaders = nodes.slice(1).flatMap(node => node.roles.filter(role => role.role === "Leading"))
  .filter((role, place, all) => !all.some((other, before) =>
    before < place && other.node === role.node && other.term === role.term && other.t1 === role.t0))
  .sort((left, right) => left.event - right.event);

// Faults. One that is over by itself ends where its healing is told; of a crash, the plan says how
// long the node stays down; all others are over at once.
const healedBy = new Set();
const healings = eventsOf(Kind.Healed);
const faults = faultEvents.map(faultOf);

function faultOf(event) {
  const text = textOf(event);
  const said = / ms (\w+) (\w+)(?: and (\w+))? for ([\d.]+) ms/.exec(text) ?? [];
  const [, kind = text, , peer = "", duration = "0"] = said;
  const healed = healings.find(other => other > event && !healedBy.has(other)
    && nodeOf[other] === nodeOf[event] && textOf(other) === kind);
  if (healed !== undefined) healedBy.add(healed);
  const isDown = ["Kill", "PowerLoss", "Blackout", "Wipe", "Corrupt"].includes(kind);
  const t0 = timeOf[event];
  const t1 = healed !== undefined ? timeOf[healed] : t0 + (isDown ? Number(duration) : 0);
  return { event, kind, t0, t1: Math.min(t1, endTime), node: nodeOf[event],
    label: faultLabel(kind, nodeOf[event], peer) };
}

function faultLabel(kind, node, peer) {
  if (["Storm", "Split", "Blackout", "ClientReset"].includes(kind)) return kind;
  const pair = { CutOneWay: "→", SlowLine: "→", Reset: "→" }[kind];
  return pair ? `${kind} n${node}${pair}${peer}` : `${kind} n${node}`;
}

// Calls of clients.
const calls = callsOf();
const callRows = packed(calls, 12);
const callTimes = Float64Array.from(calls, call => call.t0);
const callMax = calls.reduce((longest, call) => Math.max(longest, call.t1 - call.t0), 0);

function callsOf() {
  const open = new Map();
  const found = [];
  for (const event of eventsOf(Kind.Called, Kind.Returned)) {
    if (kindOf[event] === Kind.Called) {
      const call =
        { called: event, returned: noEvent, t0: timeOf[event], t1: endTime, end: "open" };
      open.set(numberOf[event], call);
      found.push(call);
      continue;
    }
    const call = open.get(numberOf[event]);
    if (!call) continue;
    const text = textOf(event);
    call.returned = event;
    call.t1 = timeOf[event];
    call.end = text.endsWith(" failed") ? "failed" : text.endsWith(" unknown") ? "unknown" : "ok";
    open.delete(numberOf[event]);
  }
  return found;
}

// Gives each a row in which it overlaps with none before, and says how many rows there are.
function packed(bars, rowsMax) {
  const ends = [];
  for (const bar of bars) {
    let row = ends.findIndex(end => end <= bar.t0);
    if (row < 0) row = Math.min(ends.length, rowsMax - 1);
    ends[row] = Math.max(ends[row] ?? 0, bar.t1);
    bar.row = row;
  }
  return Math.max(1, ends.length);
}
