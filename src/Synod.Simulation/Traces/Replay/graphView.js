// The dependencies, drawn: a row for each owner, a column for each instance in the order in which
// they became known, and below it the order in which they are executed.

const graphView = { replica: 0, key: "", instance: null };
const column = 58;
const box = { width: 48, height: 30 };
const orderWidth = 48;
const drawing = byId("graph-drawing");
let shownGraph = "";

function svg(tag, properties = {}, ...inside) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(properties)) element.setAttribute(name, value);
  element.append(...inside);
  return element;
}

// The newest that fit; of those that are older, some that are not executed yet.
const olderShown = 4;
const lookedAt = 2000;

function shownInstances(room) {
  const newest = [];
  const older = [];
  const begun = instancesBegun(view.happened);
  for (let at = begun - 1; at >= Math.max(0, begun - lookedAt); at--) {
    const instance = byBegin[at];
    if (!hasKey(instance, graphView.key) || isUnused(instance)) continue;
    const known = knownAt(instance, graphView.replica, view.happened);
    if (!known.isKnown && known.executed === noEvent) continue;
    if (newest.length < room) newest.push({ instance, known });
    else if (!isSettled(instance, known) && older.length < olderShown)
      older.push({ instance, known });
    if (older.length === olderShown) break;
  }
  newest.length -= Math.max(0, newest.length + older.length - room);
  return [...newest, ...older].reverse();
}

const byBegin = [...instances].sort((left, right) => left.first - right.first);
const begins = byBegin.map(instance => instance.first);

function instancesBegun(happened) {
  return countUpTo(begins, happened - 1);
}

function paintGraph() {
  byId("graph").hidden = !shows.graph;
  if (!shows.graph) return;
  const room = Math.max(4, Math.floor((drawing.clientWidth - 40) / column));
  const key = [view.happened, room, graphView.replica, graphView.key, graphView.instance?.place,
    document.documentElement.dataset.theme].join();
  if (key === shownGraph) return;
  shownGraph = key;
  const shown = shownInstances(room);
  const rows = run.nodes;
  const height = 30 + rows * 44;
  drawing.setAttribute("height", height);
  drawing.replaceChildren(arrowHead("edge"), arrowHead("cycle"),
    ...rowNames(rows), ...cycleMarks(shown), ...edgeLines(shown), ...shown.map(boxOf));
  byId("graph-orders").replaceChildren(...orderLines());
  byId("graph-detail").replaceChildren(...instanceLines());
}

function arrowHead(name) {
  const path = svg("path", { d: "M0 0 8 4 0 8z", class: `head ${name}` });
  return svg("marker", { id: `head-${name}`, markerWidth: 8, markerHeight: 8, refX: 7, refY: 4,
    orient: "auto", markerUnits: "userSpaceOnUse" }, path);
}

function rowNames(rows) {
  return Array.from({ length: rows }, (_, owner) =>
    svg("text", { x: 4, y: middleOf(owner) + 4, class: "row-name" }, `m${owner}`));
}

function middleOf(owner) {
  return 30 + owner * 44 + 18;
}

function centreOf(place) {
  return 36 + place * column + box.width / 2;
}

// Above the columns of a cycle, as far as they are in view.
function cycleMarks(shown) {
  const marks = [];
  for (const cycle of new Set(shown.map(one => one.instance.cycle))) {
    if (!cycle) continue;
    const at = shown.flatMap((one, place) => one.instance.cycle === cycle ? [place] : []);
    if (at.length < 2) continue;
    const left = centreOf(at[0]) - box.width / 2;
    const right = centreOf(at[at.length - 1]) + box.width / 2;
    const y = 16 + (cycle.place % 2) * 4;
    const text = cycleText(cycle, graphView.replica, view.happened);
    marks.push(svg("path", { d: `M${left} ${y + 5}V${y}H${right}V${y + 5}`, class: "bracket" }),
      svg("text", { x: left, y: y - 4, class: "cycle-name" }, text));
  }
  return marks;
}

function edgeLines(shown) {
  return edgesAmong(shown).map(({ from, to, isOfCycle }) => {
    const start = { x: centreOf(from), y: middleOf(shown[from].instance.owner) };
    const end = { x: centreOf(to), y: middleOf(shown[to].instance.owner) };
    const isSameRow = start.y === end.y;
    const way = Math.sign(end.x - start.x);

    // From the rim of one box to the rim of the other; in a row, over what is between them.
    const x0 = start.x + way * box.width / 2 * (isSameRow ? 0.5 : 1);
    const x1 = end.x - way * box.width / 2 * (isSameRow ? 0.5 : 1);
    const y0 = isSameRow ? start.y - box.height / 2 : start.y;
    const y1 = isSameRow ? end.y - box.height / 2 : end.y;
    const bend = isSameRow ? Math.min(24, 6 + Math.abs(from - to) * 4) : 0;
    const middle = (x0 + x1) / 2;
    const path = isSameRow ? `M${x0} ${y0}Q${middle} ${y0 - bend} ${x1} ${y1}`
      : `M${x0} ${y0}C${middle} ${y0 + way * 4} ${middle} ${y1 - way * 4} ${x1} ${y1}`;
    const name = isOfCycle ? "cycle" : "edge";
    return svg("path", { d: path, class: `dependency ${name}`, "marker-end": `url(#head-${name})` },
      svg("title", {}, `${shown[from].instance.id} depends on ${shown[to].instance.id}`));
  });
}

function boxOf({ instance, known }, place) {
  const x = centreOf(place);
  const y = middleOf(instance.owner);
  const classes = ["instance", known.executed !== noEvent ? "executed" : phases[known.phase],
    instance.cycle ? "in-cycle" : "", instance.isNoOp && known.phase === committed ? "no-op" : "",
    known.isVain ? "vain" : "", instance === graphView.instance ? "chosen" : ""];
  const order = known.executed === noEvent || known.isVain ? "" : `#${numberOf[known.executed]}`;
  const element = svg("g", { class: classes.filter(Boolean).join(" "), tabindex: 0,
    "data-instance": instance.id, "aria-label": `${instance.id} ${stateText(instance, known)}` },
    svg("rect", { x: x - box.width / 2, y: y - box.height / 2, width: box.width,
      height: box.height, rx: 5 }),
    svg("text", { x, y: y - 2, class: "name" }, instance.id + (instance.isRead ? " r" : "")),
    svg("text", { x, y: y + 10, class: "key" }, short(order || touchText(instance), 9)),
    svg("title", {}, `${instance.id}: ${touchText(instance)}; ${stateText(instance, known)}`));
  element.addEventListener("click", () => choose(instance));
  return element;
}

function stateText(instance, known) {
  const said = [phases[known.phase]];
  if (known.ballot && known.ballot !== "b0") said.push(`in ${known.ballot}`);
  if (known.promised && known.phase < committed) said.push(`promised ${known.promised}`);
  if (known.cover) said.push(`dep [${known.cover}]`);
  if (known.isVain) said.push("a copy, in vain");
  else if (known.executed !== noEvent) said.push(`executed #${numberOf[known.executed]}`);
  else if (instance.isRead && known.phase === committed) said.push("a read: its owner runs it");
  return said.join(", ");
}

function choose(instance) {
  graphView.instance = graphView.instance === instance ? null : instance;
  ask();
}

// A line for each node that is looked at: what it has executed last, cycles marked.
function orderLines() {
  const ids = graphView.replica ? [graphView.replica] : nodes.slice(1).map(node => node.id);
  const count = Math.max(4, Math.floor(byId("graph-orders").clientWidth / orderWidth));
  return ids.map(id => {
    const line = make("p", {}, make("b", {}, `n${id} `));
    for (const one of executedAt(id, view.happened, graphView.key, count)) {
      const name = [one.instance.cycle ? "in-cycle" : "", one.isVain ? "vain" : ""];
      const span = make("span", { className: name.filter(Boolean).join(" "),
        title: captionOf(one.event) }, one.instance.id);
      span.addEventListener("click", () => select(one.event));
      line.append(span, " ");
    }
    return line;
  });
}

// What each node knows of the instance that was chosen.
function instanceLines() {
  const instance = graphView.instance;
  if (!instance) return ["Click an instance to see what each node knows of it."];
  const lines = [make("p", {}, make("b", {}, instance.id), ` touches ${touchText(instance)}`
    + (instance.cycle ? `; in a cycle with ${instance.cycle.members
      .filter(member => member !== instance).map(member => member.id).join(", ")}` : ""))];
  for (const node of nodes.slice(1)) {
    const known = knownBy(instance, node.id, view.happened);
    lines.push(make("p", {}, `n${node.id}: `, known.isKnown || known.executed !== noEvent
      ? stateText(instance, known) : "knows nothing"));
  }
  return lines;
}

// Events that change what is shown, and where cycles begin to be seen.
let wantedEvents = { key: null, events: [] };

function graphEvents() {
  const key = `${graphView.replica} ${graphView.key}`;
  if (wantedEvents.key !== key) {
    const isWanted = event => !graphView.replica || nodeOf[event] === graphView.replica;
    const events = new Set(instances.filter(one => hasKey(one, graphView.key)).flatMap(one =>
      [...one.records, ...one.executions].map(each => each.event).filter(isWanted)));
    wantedEvents = { key, events: [...events].sort((left, right) => left - right) };
  }
  return wantedEvents.events;
}

Object.defineProperty(jumps, "instance", { get: graphEvents });
Object.defineProperty(jumps, "cycle", {
  get: () => cycles.filter(cycle => cycle.members.some(one => hasKey(one, graphView.key)))
    .map(cycle => cycle.begun).sort((left, right) => left - right),
});

function connectGraph() {
  if (!hasGraph) return;
  const choice = (id, all, values) => {
    byId(id).append(...["", ...values].map(value => make("option", { value }, short(value || all, 24))));
    byId(id).addEventListener("change", () => {
      graphView.replica = Number(byId("graph-replica").value.slice(1));
      graphView.key = byId("graph-key").value;
      ask();
    });
  };
  choice("graph-replica", "any node", nodes.slice(1).map(node => `n${node.id}`));
  choice("graph-key", "all keys", keyNames);
  byId("graph-cycles").textContent = `${cycles.length} cycles, ${instances.length} instances`;
}

function setGraph(replica, key) {
  if (!hasGraph) return;
  graphView.replica = replica >= 1 && replica <= run.nodes ? replica : 0;
  graphView.key = keyNames.includes(key) ? key : "";
  byId("graph-replica").value = graphView.replica ? `n${graphView.replica}` : "";
  byId("graph-key").value = graphView.key;
}

painters.push(paintGraph);
