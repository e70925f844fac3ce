// The side: the state of a node, what is selected, and the list of events.

const byId = id => document.getElementById(id);

// An element with texts and elements in it; no text is ever read as markup.
function make(tag, properties = {}, ...inside) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...inside);
  return element;
}

const recordsShown = 10;
let shownState = "";

function makeTabs() {
  for (const node of nodes.slice(1)) {
    const tab = make("button", { type: "button", role: "tab", textContent: `n${node.id}` });
    tab.addEventListener("click", () => { view.node = node.id; ask(); });
    byId("node-tabs").append(tab);
  }
}

function paintNode() {
  const key = `${view.node} ${view.happened}`;
  if (key === shownState) return;
  shownState = key;
  [...byId("node-tabs").children].forEach((tab, place) => {
    const state = stateOf(place + 1, view.happened);
    const role = state.isUp ? state.role?.role.toLowerCase() ?? "up" : state.life.state;
    tab.setAttribute("aria-selected", String(place + 1 === view.node));
    tab.dataset.role = role;
    tab.title = `n${place + 1} ${role}`;
  });
  byId("node-state").replaceChildren(...nodeParts(view.node));
}

function nodeParts(id) {
  const state = stateOf(id, view.happened);
  const facts = make("dl", { className: "state" });
  const fact = (name, ...what) => facts.append(make("dt", {}, name), make("dd", {}, ...what));
  const life = { up: "up", paused: "stands still", down: "down", lost: "lost" }[state.life.state];
  fact("process", `${life}${state.boot ? `, boot ${state.boot}` : ""}`);
  if (!state.isUp && state.life.text) fact("because", make("span", { className: "why",
    title: state.life.text }, state.life.text));
  fact("role", state.role ? roleText(state.role) : "none");
  fact("log", `${state.appendedNumber} appended, ${state.durableNumber} durable`);
  fact("applied", `${state.applied} in this life`);
  if (state.links.length) fact("connected", ...state.links.flatMap(link => [make("span", {
    className: link.isUp ? "link up" : "link",
    title: `n${link.peer}: ${link.isUp ? "connected" : "not connected"}`,
  }, `${link.isUp ? "●" : "○"} n${link.peer}`), " "]));
  fact("newest", state.appended === noEvent ? "no record" : textOf(state.appended));
  const cells = make("div", { className: "cells", role: "img",
    ariaLabel: "Newest records, light if not durable yet" });
  for (const record of recordsAt(id, view.happened, recordsShown)) {
    const what = record.isDurable ? "durable" : record.isLost ? "lost" : "appended";
    cells.append(make("span", { className: what, textContent: record.number,
      title: `record ${record.number}: ${record.text}, ${what}` }));
  }
  return [facts, cells];
}

function roleText(role) {
  const leader = role.leader === "unknown" ? "no leader known" : `leader ${role.leader}`;
  return `${role.role.toLowerCase()}, term ${role.term}, ${leader}`;
}

let shownDetail = null;

function paintDetail() {
  if (shownDetail === view.selected) return;
  shownDetail = view.selected;
  const i = view.selected;
  const detail = byId("detail");
  if (i === noEvent)
    return detail.replaceChildren("Click an event, a message, a record or a call.");
  detail.replaceChildren(
    make("p", { className: "at" }, clockText(timeOf[i]), ` · event ${i + 1} of ${eventCount}`),
    make("p", { className: "what" }, captionOf(i)),
    ...related(i));
}

// Where the other end of a message, a call or a record is.
function related(i) {
  const lines = [];
  const goTo = (event, text) => {
    const button = make("button", { type: "button", className: "link-button" }, text);
    button.addEventListener("click", () => select(event));
    lines.push(make("p", {}, button));
  };
  const message = messageOf[i] >= 0 ? messages[messageOf[i]] : null;
  const flight = message ? ` ${(message.t1 - message.t0).toFixed(3)} ms` : "";
  if (message && i === message.sent && message.end !== noEvent)
    goTo(message.end, `${message.isLost ? "lost" : "delivered"} after${flight}`);
  if (message && i !== message.sent) goTo(message.sent, `sent${flight} before`);
  const call = calls.find(other => other.called === i || other.returned === i);
  if (call && call.called === i && call.returned !== noEvent)
    goTo(call.returned, `${captionOf(call.returned)} after ${(call.t1 - call.t0).toFixed(3)} ms`);
  if (call && call.returned === i) goTo(call.called, captionOf(call.called));
  const record = kindOf[i] === Kind.Appended || kindOf[i] === Kind.Durable
    ? nodes[nodeOf[i]].records.find(other => other.appended === i || other.durable === i) : null;
  if (record && record.appended === i) {
    if (record.durable === noEvent)
      lines.push(make("p", {}, record.isLost ? "never durable: lost" : "not durable in this run"));
    else
      goTo(record.durable, `durable after ${(record.t1 - record.t0).toFixed(3)} ms`);
  }
  if (record && record.durable === i) goTo(record.appended, captionOf(record.appended));
  return lines;
}

// The list holds elements only for the rows in view; its height is that of all of them.
const rowHeight = 24;
let rows = new Int32Array(0);
let shownRow = -2;
let shownTop = -1;

function gatherRows() {
  isListStale = false;
  const wanted = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = new Int32Array(eventCount);
  let length = 0;
  for (let i = 0; i < eventCount; i++) {
    if (!isShown(i)) continue;
    if (wanted.length) {
      const caption = captionOf(i).toLowerCase();
      if (!wanted.every(word => caption.includes(word))) continue;
    }
    found[length++] = i;
  }
  rows = found.subarray(0, length);
  byId("event-count").textContent = `${length} of ${eventCount}`;
  byId("list-space").style.height = `${length * rowHeight}px`;
  shownRow = -2;
}

function paintList() {
  if (isListStale) gatherRows();
  const list = byId("list");

  // The newest that has happened is followed, unless it stays the same while the user scrolls.
  const current = countUpTo(rows, view.happened - 1) - 1;
  const isNew = current !== shownRow;
  if (isNew) {
    const top = current * rowHeight;
    if (top < list.scrollTop || top > list.scrollTop + list.clientHeight - 2 * rowHeight)
      list.scrollTop = top - list.clientHeight / 2;
  }
  if (!isNew && shownTop === list.scrollTop) return;
  shownRow = current;
  shownTop = list.scrollTop;
  const first = Math.max(0, Math.floor(list.scrollTop / rowHeight) - 2);
  const last = Math.min(rows.length, first + Math.ceil(list.clientHeight / rowHeight) + 5);
  const elements = [];
  for (let row = first; row < last; row++) elements.push(rowElement(row, current));
  byId("list-rows").style.transform = `translateY(${first * rowHeight}px)`;
  byId("list-rows").replaceChildren(...elements);
}

function rowElement(row, current) {
  const i = rows[row];
  const element = make("div", { className: "row", role: "option", title: captionOf(i) },
    make("span", { className: "time" }, timeOf[i].toFixed(3)), ` ${captionOf(i)}`);
  element.dataset.kind = kindNames[kindOf[i]];
  element.dataset.event = i;
  element.setAttribute("aria-selected", String(row === current));
  if (row > current) element.classList.add("later");
  return element;
}

function connectList() {
  const list = byId("list");
  list.addEventListener("scroll", ask);
  list.addEventListener("click", event => {
    const row = event.target.closest(".row");
    if (row) select(Number(row.dataset.event));
  });
  list.addEventListener("keydown", event => {
    const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!way) return;
    event.preventDefault();
    const next = neighbour(rows, way);
    if (next !== noEvent) select(next, false);
  });
  let waiting = 0;
  byId("search").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { isListStale = true; ask(); }, 150);
  });
}

painters.push(paintNode, paintDetail, paintList);
