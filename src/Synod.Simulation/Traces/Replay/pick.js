// What is drawn at a place of the lanes, as an event; noEvent if nothing is.

const reach = 6;

function pick(x, y) {
  if (x < area.left) return noEvent;
  if (y < area.nodesTop) return pickFault(x, y);
  if (shows.clients && y >= area.clientTop - 2) return pickCall(x, y);
  const id = nodeAt(y);
  const isInTrack = id > 0 && y >= trackTop(id) && y <= trackTop(id) + area.track;
  return isInTrack ? pickTrack(nodes[id], x, y - trackTop(id)) : pickMessage(x, y);
}

// The label of a fault belongs to it.
function pickFault(x, y) {
  const found = faults.findLast(({ shown }) => shown && x >= shown.left - 3 && x <= shown.right
    && y >= shown.y && y <= shown.y + faultRowHeight);
  return found ? found.event : noEvent;
}

function pickCall(x, y) {
  const row = Math.floor((y - area.clientTop) / area.callHeight);
  const time = timeAt(x);
  const slack = 2 / (area.width - area.left) * view.span;
  for (let at = countUpTo(callTimes, time + slack) - 1; at >= 0; at--) {
    const call = calls[at];
    if (call.t0 < time - callMax - slack) break;
    if (call.row === row && call.t1 >= time - slack) return call.called;
  }
  return noEvent;
}

function pickTrack(node, x, y) {
  const isLog = area.hasLog && y > area.track * 0.52;
  const time = timeAt(x);
  if (isLog && shows.log) {
    const at = countUpTo(node.recordTimes, time) - 1;
    const record = node.records[at];
    if (record && x - xOf(record.t0) < Math.max(reach, xOf(record.t1) - xOf(record.t0)))
      return record.appended;
  }
  const role = node.roles.findLast(other => other.t0 <= time && other.t1 >= time);
  const life = node.lives.findLast(other => other.t0 <= time);
  return role ? role.event : life ? life.event : noEvent;
}

function pickMessage(x, y) {
  let best = noEvent;
  let nearest = reach;
  const left = timeAt(x - reach);
  const right = timeAt(x + reach);
  for (let at = countUpTo(messageTimes, left - flightMax - 1e-9); at < messages.length; at++) {
    const message = messages[at];
    if (message.t0 > right) break;
    if (message.t1 < left || !isMessageShown(message)) continue;
    const distance = distanceTo(lineOf(message), x, y);
    if (distance < nearest) {
      nearest = distance;
      best = message.sent;
    }
  }
  return best;
}

function distanceTo({ x0, y0, x1, y1 }, x, y) {
  const length = (x1 - x0) ** 2 + (y1 - y0) ** 2;
  const along = length ? ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length : 0;
  const share = Math.min(1, Math.max(0, along));
  return Math.hypot(x - x0 - share * (x1 - x0), y - y0 - share * (y1 - y0));
}
