// The header, the controls, the address, and the begin of it all.

function writeHeader() {
  document.title = `Synod replay: seed ${run.seed}, ${run.verdict.toLowerCase()}`;
  byId("verdict").textContent = run.verdict.toLowerCase();
  byId("verdict").dataset.verdict = run.verdict;
  const fact = (name, what) => byId("facts").append(
    make("div", {}, make("dt", {}, name), make("dd", {}, what)));
  const number = value => value.toLocaleString("en");
  fact("seed", run.seed);
  if (run.protocol) fact("protocol", run.protocol);
  fact("nodes", run.nodes);
  fact("workload", run.model);
  fact("faults", `${run.faultsPlanned} planned`);
  fact("operations", number(run.operations));
  fact("virtual time", `${(run.virtualTicks / ticksPerMs / 1000).toFixed(3)} s`);
  fact("events", number(eventCount));
  fact("trace digest", run.digest);
  // A line is broken before an option, never in it.
  for (const part of run.command.split(/ (?=--)/))
    byId("command").append(make("span", {}, part), " ");
  byId("command-note").textContent = run.isWholeCommand ? ""
    : "with the --faults and --seconds of the run, if they were given";
  if (run.reason) {
    byId("reason").hidden = false;
    byId("reason").querySelector("summary").textContent = run.reason.split("\n", 1)[0];
    byId("reason").querySelector("pre").textContent = run.reason;
  }
  if (run.dropped) {
    byId("dropped").hidden = false;
    byId("dropped").textContent = `This run is long: ${number(run.dropped)} events of heartbeats `
      + "far from any fault, start, stop and change of role were left out of this page.";
  }
}

function toggle(label, isOn, change) {
  const button = make("button", { type: "button", className: "toggle" }, label);
  const set = on => button.setAttribute("aria-pressed", String(on));
  set(isOn);
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    set(on);
    change(on);
  });
  return button;
}

const filterButtons = new Map();

function makeFilters() {
  for (const filter of filters) {
    const button = toggle(filter.label, shows[filter.id], on => setShown(filter.id, on));
    if (filter.key) button.title = `${filter.label} (${filter.key})`;
    filterButtons.set(filter.id, button);
    byId("filters").append(button);
  }
  for (const word of words.values()) {
    const swatch = make("i", { className: word.word.endsWith("Reply") ? "reply" : "" });
    word.button = toggle(word.word, true, on => {
      word.isShown = on;
      isListStale = true;
      ask();
    });
    word.button.prepend(swatch);
    word.button.title = `${word.word}: ${word.count} sent`;
    byId("words").append(word.button);
  }
}

function makeSigns() {
  const sign = (style, text) => {
    const swatch = make("dt", {}, make("i", { className: `sign ${style}` }));
    byId("signs").append(swatch, make("dd", {}, text));
  };
  sign("leading", "leads");
  sign("campaigning", "campaigns");
  sign("following", "follows a leader");
  sign("unled", "knows no leader");
  sign("down", "down (hatched); paused and lost have other hatches and colours");
  sign("appended", "a record that is appended, not durable yet");
  sign("durable", "a record that is durable");
  sign("fault", "a fault, until it is healed");
  sign("failed", "a call that failed");
  sign("unknown", "a call of which nobody knows the outcome");
  if (hasGraph) {
    sign("appended", "an instance that is pre-accepted");
    sign("campaigning", "an instance that is accepted");
    sign("durable", "an instance that is decided");
    sign("leading", "an instance that is executed, with its place");
    sign("cycle", "instances that depend on each other");
  }
  sign("bad", "a lost message ends in a cross; the violation is a line");
}

// Playing: so much virtual time for each second.
let playedAt = 0;

function play(isPlaying) {
  if (isPlaying && view.time >= endTime) setTime(0);
  view.isPlaying = isPlaying;
  playedAt = performance.now();
  byId("play").textContent = isPlaying ? "❚❚" : "▶";
  byId("play").setAttribute("aria-label", isPlaying ? "Pause (space)" : "Play (space)");
  if (isPlaying) requestAnimationFrame(playOn);
}

function playOn(now) {
  if (!view.isPlaying) return;
  const seconds = Math.max(0, now - playedAt) / 1000;
  playedAt = now;
  setTime(view.time + Math.min(seconds, 0.25) * Number(byId("speed").value));
  const share = (view.time - view.from) / view.span;
  if (share < 0 || share > 1) reveal(true);
  else if (share > 0.7) look(view.time - view.span * 0.7, view.span);
  if (view.time >= endTime) return play(false);
  requestAnimationFrame(playOn);
}

// Pointers on the lanes: one drags or clicks, two pinch.
const pointers = new Map();
let isDragged = false;

function connectLanes() {
  canvas.addEventListener("wheel", event => {
    event.preventDefault();
    const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
    const amount = event.deltaX || event.deltaY;
    if (isSideways) look(view.from + amount / 800 * view.span, view.span);
    else zoom(Math.exp(Math.max(-200, Math.min(200, event.deltaY)) / 400), timeAt(event.offsetX));
  }, { passive: false });
  canvas.addEventListener("pointerdown", event => {
    canvas.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    if (pointers.size === 1) isDragged = false;
  });
  canvas.addEventListener("pointermove", moved);
  canvas.addEventListener("pointerup", event => {
    const isClick = pointers.size === 1 && !isDragged;
    pointers.delete(event.pointerId);
    if (isClick) clicked(event.offsetX, event.offsetY);
  });
  canvas.addEventListener("pointercancel", event => pointers.delete(event.pointerId));
  canvas.addEventListener("pointerleave", () => { byId("tip").hidden = true; });
}

function moved(event) {
  const before = pointers.get(event.pointerId);
  const here = { x: event.offsetX, y: event.offsetY };
  if (!before) return hover(here.x, here.y);
  if (!isDragged && Math.hypot(here.x - before.x, here.y - before.y) < 4) return;
  isDragged = true;
  byId("tip").hidden = true;
  if (pointers.size === 1) {
    look(view.from - (here.x - before.x) / (area.width - area.left) * view.span, view.span);
  } else {
    const other = [...pointers].find(([id]) => id !== event.pointerId)[1];
    const width = at => Math.max(8, Math.abs(at.x - other.x));
    zoom(width(before) / width(here), timeAt((here.x + other.x) / 2));
  }
  pointers.set(event.pointerId, here);
}

function clicked(x, y) {
  if (x < area.left) {
    view.node = nodeAt(y) || view.node;
    return ask();
  }
  const event = pick(x, y);
  if (event !== noEvent) return select(event);
  view.selected = noEvent;
  setTime(timeAt(x));
}

function hover(x, y) {
  const tip = byId("tip");
  const event = pick(x, y);
  tip.hidden = event === noEvent;
  canvas.style.cursor = event === noEvent ? "crosshair" : "pointer";
  if (event === noEvent) return;
  tip.textContent = `${clockText(timeOf[event])}  ${captionOf(event)}`;
  const left = Math.min(x + 12, canvas.clientWidth - tip.offsetWidth - 4);
  const top = y + 34 > canvas.clientHeight ? y - tip.offsetHeight - 8 : y + 14;
  tip.style.transform = `translate(${Math.max(2, left)}px, ${top}px)`;
}

function connectScrub() {
  const go = event => {
    setTime(event.offsetX / scrub.clientWidth * endTime);
    look(view.time - view.span * 0.4, view.span);
  };
  scrub.addEventListener("pointerdown", event => {
    scrub.setPointerCapture(event.pointerId);
    go(event);
  });
  scrub.addEventListener("pointermove", event => {
    if (event.buttons) go(event);
  });
  scrub.setAttribute("aria-valuemax", endTime.toFixed(0));
}

const keys = {
  " ": () => play(!view.isPlaying),
  "ArrowLeft": event => event.shiftKey ? look(view.from - view.span / 4, view.span) : step(-1),
  "ArrowRight": event => event.shiftKey ? look(view.from + view.span / 4, view.span) : step(1),
  "+": () => zoom(1 / 1.6),
  "=": () => zoom(1 / 1.6),
  "-": () => zoom(1.6),
  "0": () => look(0, endTime),
  "f": event => jump("fault", event.shiftKey ? -1 : 1),
  "r": event => jump("role", event.shiftKey ? -1 : 1),
  "l": event => jump("leader", event.shiftKey ? -1 : 1),
  "c": event => jump("cycle", event.shiftKey ? -1 : 1),
  "g": event => jump("instance", event.shiftKey ? -1 : 1),
  "d": () => filterButtons.get("graph")?.click(),
  "v": showViolation,
  "h": () => filterButtons.get("heartbeats").click(),
  "/": () => byId("search").focus(),
  "?": () => byId("help").showModal(),
  "Home": () => { setTime(0); reveal(true); },
  "End": () => { setTime(endTime); reveal(true); },
};

function connectKeys() {
  document.addEventListener("keydown", event => {
    const isTyping = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (isTyping && event.key === "Escape") event.target.blur();
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey || byId("help").open) return;

    // A focused button is pressed by the space bar, as everywhere.
    if (event.key === " " && event.target.tagName === "BUTTON") return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const act = keys[key];
    if (act) {
      event.preventDefault();
      act(event);
    } else if (/^[1-9]$/.test(key) && Number(key) <= run.nodes) {
      view.node = Number(key);
      ask();
    }
  });
}

function connectControls() {
  byId("play").addEventListener("click", () => play(!view.isPlaying));
  byId("step-back").addEventListener("click", () => step(-1));
  byId("step-on").addEventListener("click", () => step(1));
  byId("zoom-in").addEventListener("click", () => zoom(1 / 1.6));
  byId("zoom-out").addEventListener("click", () => zoom(1.6));
  byId("fit").addEventListener("click", () => look(0, endTime));
  byId("help-open").addEventListener("click", () => byId("help").showModal());
  for (const button of document.querySelectorAll("[data-jump]")) {
    button.addEventListener("click", () => jump(button.dataset.jump, Number(button.dataset.way)));
  }
  byId("violation").hidden = violationEvents.length === 0;
  byId("violation").addEventListener("click", showViolation);
  byId("copy").addEventListener("click", async () => {
    await navigator.clipboard.writeText(run.command);
    byId("copy").textContent = "Copied";
  });
}

// The address: #t=MS&zoom=MS&node=N&show=…&hide=…&theme=dark. The zoom is how many milliseconds
// are in view.
let isAddressWaiting = false;
let ownAddress = "";

function writeAddress() {
  if (isAddressWaiting || view.isPlaying) return;
  isAddressWaiting = true;
  setTimeout(() => {
    isAddressWaiting = false;
    const changed = filters.filter(filter => filter.isOn !== shows[filter.id]);
    const parts = [`t=${+view.time.toFixed(4)}`, `zoom=${+view.span.toPrecision(5)}`,
      `node=${view.node}`, ...changed.map(filter => `${filter.id}=${shows[filter.id] ? 1 : 0}`)];
    if (graphView.replica) parts.push(`replica=${graphView.replica}`);
    if (graphView.key) parts.push(`key=${encodeURIComponent(graphView.key)}`);
    if (view.theme) parts.push(`theme=${view.theme}`);
    ownAddress = `#${parts.join("&")}`;
    history.replaceState(null, "", ownAddress);
  }, 400);
}

function readAddress() {
  const wanted = new URLSearchParams(location.hash.slice(1));
  for (const filter of filters) {
    const isOn = wanted.get(filter.id);
    if (isOn === null) continue;
    shows[filter.id] = isOn === "1";
    filterButtons.get(filter.id).setAttribute("aria-pressed", String(isOn === "1"));
  }
  setGraph(Number(wanted.get("replica")), wanted.get("key"));
  const node = Number(wanted.get("node"));
  if (node >= 1 && node <= run.nodes) view.node = node;
  if (/^(light|dark)$/.test(wanted.get("theme") ?? "")) view.theme = wanted.get("theme");
  const span = Number(wanted.get("zoom"));
  if (span > 0) look(view.from, span);
  const time = parseFloat(wanted.get("t"));
  if (time >= 0) {
    setTime(time);
    reveal(true);
  }
  isListStale = true;
  setTheme();
}

const darkness = matchMedia("(prefers-color-scheme: dark)");

function setTheme() {
  const theme = view.theme || (darkness.matches ? "dark" : "light");
  document.documentElement.dataset.theme = theme;
  colours = palettes[theme];
  hatches.clear();

  // One palette for the lanes and for the rest of the page.
  for (const [name, colour] of Object.entries(colours)) {
    if (typeof colour === "string") document.documentElement.style.setProperty(`--${name}`, colour);
  }
  for (const word of words.values())
    word.button.style.setProperty("--word", colourOf(word));
  ask();
}

function paintClock() {
  byId("clock").textContent = clockText(view.time);
  scrub.setAttribute("aria-valuenow", view.time.toFixed(0));
  scrub.setAttribute("aria-valuetext", clockText(view.time));
  writeAddress();
}

// At first: the violation, if there is one, or else how the first leader came to lead.
function lookAtFirst() {
  if (violationEvents.length) {
    look(endTime - 250, 300);
    return select(violationEvents[0]);
  }
  const first = leaders.length ? leaders[0].t0 : 0;
  look(0, Math.min(endTime, Math.max(150, first * 1.5)));
  setTime(first);
  if (leaders.length) view.node = leaders[0].node;
}

painters.push(paintClock);
writeHeader();
makeTabs();
makeFilters();
makeSigns();
connectLanes();
connectScrub();
connectKeys();
connectControls();
connectList();
connectGraph();
lookAtFirst();
readAddress();
darkness.addEventListener("change", setTheme);
addEventListener("hashchange", () => {
  if (location.hash !== ownAddress) readAddress();
});
const sizes = new ResizeObserver(() => {
  shownTop = -1;
  ask();
});
for (const element of [canvas, scrub, drawing, byId("list")]) sizes.observe(element);
