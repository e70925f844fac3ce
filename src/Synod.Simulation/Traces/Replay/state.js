// What is known at a moment: "so many events have happened".

// The newest event of a sorted list among the first so many; noEvent if there is none.
function newestIn(list, happened) {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle] < happened) low = middle + 1;
    else high = middle;
  }
  return low ? list[low - 1] : noEvent;
}

function stretchAt(stretches, happened) {
  let found = null;
  for (const stretch of stretches) {
    if (stretch.event >= happened) break;
    found = stretch;
  }
  return found;
}

function stateOf(id, happened) {
  const node = nodes[id];
  const life = stretchAt(node.lives, happened);
  const isUp = life.state === "up" || life.state === "paused";
  const started = newestIn(places[Kind.Started][id], happened);
  const began = newestIn(places[Kind.Began][id], happened);
  const stopped = newestIn(places[Kind.Stopped][id], happened);
  const appended = newestIn(places[Kind.Appended][id], happened);
  const durable = newestIn(places[Kind.Durable][id], happened);
  const applied = newestIn(places[Kind.Applied][id], happened);
  const role = stretchAt(node.roles, happened);
  const durableNumber = durable === noEvent ? 0 : numberOf[durable];
  return {
    life, isUp, appended,
    boot: started === noEvent ? 0 : numberOf[started],
    role: isUp && role && role.event > began && role.event > stopped ? role : null,

    // What was appended and not durable when a process stopped may be gone.
    appendedNumber: appended === noEvent || stopped > appended ? durableNumber : numberOf[appended],
    durableNumber,
    applied: isUp && applied > began ? numberOf[applied] : 0,
    links: linksOf(node, happened, isUp ? started : happened),
  };
}

function linksOf(node, happened, since) {
  const links = [];
  for (let peer = 1; peer <= run.nodes; peer++) {
    if (peer === node.id) continue;
    const newest = newestIn(node.links.get(peer) ?? [], happened);
    links.push({ peer, isUp: newest > since && kindOf[newest] === Kind.LinkUp });
  }
  return links;
}

// Newest records of a node at a moment, the oldest of them first.
function recordsAt(id, happened, count) {
  const node = nodes[id];
  const known = countUpTo(places[Kind.Appended][id], happened - 1);
  return node.records.slice(Math.max(0, known - count), known).map(record => ({
    number: record.number,
    text: textOf(record.appended),
    isDurable: record.durable !== noEvent && record.durable < happened,
    isLost: record.isLost && record.durable === noEvent
      && newestIn(places[Kind.Stopped][id], happened) > record.appended,
  }));
}

// An event in words.
function captionOf(i) {
  const name = kindNames[kindOf[i]];
  const text = textOf(i);
  const node = nodeOf[i] ? `n${nodeOf[i]} ` : "";
  switch (kindOf[i]) {
    case Kind.Sent: return `n${nodeOf[i]}→n${peerOf[i]} sent ${text}`;
    case Kind.Delivered: return `n${peerOf[i]}→n${nodeOf[i]} delivered ${sentText(i)}`;
    case Kind.Lost: return `n${nodeOf[i]}→n${peerOf[i]} lost ${sentText(i)}`;
    case Kind.LinkUp: return `${node}connected to n${peerOf[i]}`;
    case Kind.LinkDown: return `${node}disconnected from n${peerOf[i]}`;
    case Kind.Started: return `${node}started, boot ${numberOf[i]}`;
    case Kind.Appended: return `${node}appended record ${numberOf[i]}: ${text}`;
    case Kind.Durable: return `${node}durable record ${numberOf[i]}`;
    case Kind.Applied: return `${node}applied ${numberOf[i]}: ${text}`;
    case Kind.Role: return `${node}role: ${text}`;
    case Kind.Called: return `client #${numberOf[i]} called ${text.replace(/ null$/, "")}`;
    case Kind.Returned: return `client #${numberOf[i]} returned ${text}`;
    case Kind.Fault: return `fault: ${text.replace(/^[\d.]+ ms /, "")}`;
    case Kind.Healed: return `healed: ${text} ${node}`;
    case Kind.Violated: return `VIOLATED: ${text}`;
    default: return `${node}${name.toLowerCase()}${text ? `: ${text}` : ""}`;
  }
}

function sentText(i) {
  return messageOf[i] < 0 ? `frame ${numberOf[i]}` : textOf(messages[messageOf[i]].sent);
}

function clockText(t) {
  return `${t.toFixed(3)} ms`;
}
