// Instances that depend on each other, of a run that has any: what each node knows of them at a
// moment, the edges between them, the cycles. Nothing here changes later.

const graph = run.graph ?? { touches: [], instances: [], cycles: [] };
const hasGraph = graph.instances.length > 0;
const phases = ["unknown", "pre-accepted", "accepted", "committed"];
const committed = 3;

const instances = graph.instances.map((raw, place) => {
  const instance = {
    place, owner: raw.owner, slot: raw.slot, id: `m${raw.owner}.${raw.slot}`,
    isRead: raw.holds === "Read", isNoOp: raw.holds === "NoOp",
    touches: raw.touches.map(touch => ({ place: touch, isWrite: graph.touches[touch][0] === "w",
      isAll: graph.touches[touch][0] === "e", key: keyText(touch) })),
    records: [], executions: [], cycle: null,
  };
  let event = 0;
  for (let at = 0; at < raw.records.length; at += 4) {
    const [step, phase, cover, ballot] = raw.records.slice(at, at + 4);
    event += step;
    instance.records.push({ event, node: nodeOf[event], phase, ballot,
      cover: raw.covers[cover] ?? null, log: nodes[nodeOf[event]].recordAt.get(event) });
  }
  for (let at = 0; at < raw.executed.length; at += 2)
    instance.executions.push({ event: raw.executed[at], isVain: raw.executed[at + 1] === 1 });
  instance.first = Math.min(...[...instance.records, ...instance.executions].map(one => one.event));
  return instance;
});

const cycles = graph.cycles.map((places, place) => {
  const cycle = { place, members: places.map(member => instances[member]) };
  for (const member of cycle.members) member.cycle = cycle;

  // From here on all of them are known somewhere, and it can be seen how it comes to be.
  cycle.begun = Math.max(...cycle.members.map(member => member.first));
  return cycle;
});

const keyNames = [...new Set(instances.flatMap(one => one.touches.map(touch => touch.key)))].sort();

function keyText(touch) {
  return graph.touches[touch][0] === "e" ? "everything" : graph.touches[touch][1];
}

function touchText(instance) {
  if (instance.isNoOp) return "no-op";
  const said = instance.touches.map(touch => (touch.isWrite || touch.isAll ? "" : "reads ")
    + short(touch.key, 24));
  return said.join(", ") || "not known";
}

function short(text, length) {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

function hasKey(instance, key) {
  return !key || instance.touches.length === 0
    || instance.touches.some(touch => touch.key === key || touch.isAll);
}

// What a node knows of an instance; of no node in particular, what the one knows that is furthest.
function knownAt(instance, id, happened) {
  if (id) return knownBy(instance, id, happened);
  const all = nodes.slice(1).map(node => knownBy(instance, node.id, happened));
  const rank = known => known.phase + (known.executed === noEvent ? 0 : 10);
  return all.reduce((best, known) => rank(known) > rank(best) ? known : best);
}

function knownBy(instance, id, happened) {
  const known = { isKnown: false, phase: 0, ballot: "", promised: "", cover: null,
    executed: noEvent, isVain: false };
  for (const record of instance.records) {
    if (record.event >= happened) break;
    if (record.node !== id || isGone(record, happened)) continue;
    known.isKnown = true;
    if (record.phase) {
      known.phase = record.phase;
      known.ballot = record.ballot;
      known.cover = record.cover;
    } else if (record.ballot) {
      known.promised = record.ballot;
    }
  }

  // A machine begins anew with each life.
  const began = newestIn(places[Kind.Began][id], happened);
  for (const { event, isVain } of instance.executions) {
    if (event >= happened) break;
    if (nodeOf[event] !== id || event < began) continue;
    known.executed = event;
    known.isVain = isVain;
  }
  return known;
}

// What was appended and not durable when the process stopped is not known any more.
function isGone(record, happened) {
  const { log, node, event } = record;
  return log.durable >= happened || log.durable === noEvent
    ? newestIn(places[Kind.Stopped][node], happened) > event : false;
}

// Whether the order of two matters. What nobody knows may be anything.
function conflict(one, other) {
  const isAll = instance => instance.touches.length === 0 || instance.touches.some(t => t.isAll);
  return isAll(one) || isAll(other) || one.touches.some(mine => other.touches.some(
    theirs => mine.key === theirs.key && (mine.isWrite || theirs.isWrite)));
}

function dependsOn(one, known, other) {
  return one !== other && known.cover !== null && !other.isNoOp
    && (known.cover[other.owner] ?? 0) >= other.slot && conflict(one, other);
}

// All edges between some instances, but for those that follow from two others. Within a cycle all
// are kept: they are what makes it one.
function edgesAmong(shown) {
  const has = shown.map(from =>
    shown.map(to => dependsOn(from.instance, from.known, to.instance)));
  const same = (left, right) => shown[left].instance.cycle !== null
    && shown[left].instance.cycle === shown[right].instance.cycle;
  const follows = (from, to) => shown.some((_, by) => has[from][by] && has[by][to]
    && !has[by][from] && !has[to][by]);
  const edges = [];
  for (let from = 0; from < shown.length; from++) {
    for (let to = 0; to < shown.length; to++) {
      if (has[from][to] && (same(from, to) || !follows(from, to)))
        edges.push({ from, to, isOfCycle: same(from, to) });
    }
  }
  return edges;
}

// A slot that its owner had reserved and that was recovered: nothing was ever submitted there.
function isUnused(instance) {
  return instance.isNoOp && instance.touches.length === 0;
}

// Whether nothing is to come any more where it was looked at.
function isSettled(instance, known) {
  return known.executed !== noEvent
    || (known.phase === committed && (instance.isNoOp || instance.isRead));
}

// In words, how far a cycle has come where it was looked at.
function cycleText(cycle, id, happened) {
  const known = cycle.members.map(member => knownAt(member, id, happened));
  const decided = known.filter(one => one.phase === committed).length;
  const size = cycle.members.length;
  const runs = cycle.members.filter(member => !member.isRead).length;
  const executed = known.filter((one, place) =>
    !cycle.members[place].isRead && one.executed !== noEvent).length;
  const end = decided < size ? `${decided} of ${size} decided`
    : executed < runs ? `decided, ${executed} of ${runs} executed` : "executed";
  return `cycle of ${size}: ${end}`;
}

// What a node has executed in this life, in its order.
const executionsAt = nodes.map(() => []);
for (const instance of instances) {
  for (const { event, isVain } of instance.executions)
    executionsAt[nodeOf[event]].push({ event, isVain, instance });
}
for (const executions of executionsAt)
  executions.sort((left, right) => left.event - right.event || right.isVain - left.isVain);

function executedAt(id, happened, key, count) {
  const began = newestIn(places[Kind.Began][id], happened);
  return executionsAt[id].filter(one => one.event >= began && one.event < happened
    && hasKey(one.instance, key)).slice(-count);
}
