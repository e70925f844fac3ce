// What is looked at: the stretch of time in view, the cursor, the selection, what is shown. All
// changes go through here, and ask for one drawing per frame.

const filters = [
  { id: "messages", label: "Messages", isOn: true, key: "" },
  { id: "heartbeats", label: "Heartbeats", isOn: false, key: "H" },
  { id: "lost", label: "Lost only", isOn: false, key: "" },
  { id: "log", label: "Log", isOn: true, key: "" },
  { id: "links", label: "Connections", isOn: true, key: "" },
  { id: "clients", label: "Clients", isOn: true, key: "" },
  { id: "future", label: "After cursor", isOn: true, key: "" },
  { id: "graph", label: "Dependencies", isOn: Boolean(run.graph), key: "D" },
].filter(filter => filter.id !== "graph" || run.graph);
const shows = Object.fromEntries(filters.map(filter => [filter.id, filter.isOn]));
const shortestSpan = 0.05;

const view = {
  from: 0,
  span: endTime,
  time: 0,          // Of the cursor.
  happened: 0,      // So many events have happened at the cursor.
  selected: noEvent,
  node: 1,
  isPlaying: false,
  theme: "",        // Forced by the fragment; empty for that of the system.
};

let isDrawingAsked = false;
let isListStale = true;
const painters = [];

function ask() {
  if (isDrawingAsked) return;
  isDrawingAsked = true;
  requestAnimationFrame(() => {
    isDrawingAsked = false;
    for (const paint of painters) paint();
  });
}

function setTime(time) {
  view.time = Math.min(endTime, Math.max(0, time));
  view.happened = countUpTo(timeOf, view.time);
  ask();
}

// Just after an event, although others happen at the same time.
function setEvent(event) {
  view.time = timeOf[event];
  view.happened = event + 1;
  view.selected = event;
  ask();
}

function look(from, span) {
  view.span = Math.min(endTime * 1.1, Math.max(shortestSpan, span));
  const slack = view.span * 0.2;
  view.from = Math.min(endTime - view.span + slack, Math.max(-slack, from));
  ask();
}

function zoom(factor, around = view.time) {
  const share = (around - view.from) / view.span;
  const held = share >= 0 && share <= 1 ? share : 0.5;
  const center = share >= 0 && share <= 1 ? around : view.from + view.span / 2;
  const span = Math.min(endTime * 1.1, Math.max(shortestSpan, view.span * factor));
  look(center - held * span, span);
}

// Moves the view as little as needed for the cursor to be well inside.
function reveal(isCentered = false) {
  const share = (view.time - view.from) / view.span;
  if (isCentered || share < 0.08 || share > 0.85) look(view.time - view.span * 0.4, view.span);
}

function select(event, isNodeSelected = true) {
  setEvent(event);
  if (isNodeSelected && nodeOf[event]) view.node = nodeOf[event];
  reveal();
}

function isShown(i) {
  switch (kindOf[i]) {
    case Kind.Sent: case Kind.Delivered: case Kind.Lost:
      return isMessageShown(messageOf[i] < 0 ? null : messages[messageOf[i]], i);
    case Kind.Appended: case Kind.Durable: case Kind.Applied:
      return shows.log;
    case Kind.LinkUp: case Kind.LinkDown:
      return shows.links;
    case Kind.Called: case Kind.Returned:
      return shows.clients;
    default:
      return true;
  }
}

function isMessageShown(message, i) {
  if (!shows.messages || (message && !message.word.isShown)) return false;
  const isLost = message ? message.isLost : kindOf[i] === Kind.Lost;
  if (shows.lost) return isLost;
  const isHidden = message ? message.isBeat : isBeat[i] === 1;
  return shows.heartbeats || !isHidden;
}

function setShown(id, isOn) {
  shows[id] = isOn;
  isListStale = true;
  ask();
}

// The event before or after the cursor, of a sorted list.
function neighbour(list, way) {
  if (way < 0) {
    // The one that has just happened is where we are.
    return newestIn(list, Math.max(0, view.happened - 1));
  }
  const at = countUpTo(list, view.happened - 1);
  return at < list.length ? list[at] : noEvent;
}

function step(way) {
  const start = way < 0 ? view.happened - 2 : view.happened;
  for (let i = start; i >= 0 && i < eventCount; i += way) {
    if (isShown(i)) return select(i, false);
  }
}

const jumps = {
  fault: faultEvents,
  role: roleEvents,
  leader: leaders.map(leader => leader.event),
};

function jump(name, way) {
  const event = neighbour(jumps[name], way);
  if (event !== noEvent) select(event);
}

function showViolation() {
  if (violationEvents.length) select(violationEvents[0]);
}
