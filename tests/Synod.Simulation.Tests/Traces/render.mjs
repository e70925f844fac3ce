// Runs the scripts of a page without a browser, over elements that only keep what they are told,
// and prints what is in the named elements, a line each: node render.mjs PAGE ADDRESS WORD...
// "End" and words of one sign are keys that are pressed, in the order of the arguments.
import { readFileSync } from "node:fs";

const [path, address, ...wanted] = process.argv.slice(2);
const html = readFileSync(path, "utf8");
const between = (begin, end) => html.split(begin)[1].split(end)[0];
const listeners = new Map();
const byId = new Map();

class Element {
  constructor(tag) {
    Object.assign(this, { tagName: tag.toUpperCase(), children: [], attributes: {}, dataset: {},
      value: "", hidden: false, scrollTop: 0, clientWidth: 900, clientHeight: 400, offsetWidth: 80,
      offsetHeight: 20, open: false, listeners: new Map(), className: "" });
    this.style = { setProperty() {} };
    this.classList = { add: name => { this.className += ` ${name}`; } };
  }
  setAttribute(name, value) { this.attributes[name] = String(value); }
  getAttribute(name) { return this.attributes[name] ?? null; }
  append(...inside) { this.children.push(...inside.filter(one => one !== "")); }
  prepend(...inside) { this.children.unshift(...inside); }
  replaceChildren(...inside) { this.children = inside; }
  addEventListener(name, act) { this.listeners.set(name, act); }
  click() { this.listeners.get("click")?.({ target: this, offsetX: 0, offsetY: 0 }); }
  querySelector(tag) {
    return this.children.find(one => one.tagName === tag.toUpperCase()) ?? this.grow(tag);
  }
  closest() { return null; }
  showModal() { this.open = true; }
  getContext() {
    return new Proxy({}, { get: (drawing, name) => drawing[name] ?? (() => ({ width: 10 })) });
  }
  grow(tag) {
    const element = new Element(tag);
    this.children.push(element);
    return element;
  }
  get textContent() { return this.children.map(one => one.textContent ?? one).join(""); }
  set textContent(text) { this.children = [String(text)]; }
  toString() {
    const inside = this.children.map(String).join("");
    const name = [this.tagName.toLowerCase(), this.attributes.class ?? this.className]
      .filter(Boolean).join(" ");
    return `<${name}>${inside}</>`;
  }
}

for (const [, id] of html.split("<script")[0].matchAll(/ id="([\w-]+)"/g))
  byId.set(id, new Element(id));
byId.set("run", new Element("script"));
byId.get("run").textContent = between('id="run">', "</script>");

const frames = [];
globalThis.document = {
  documentElement: new Element("html"),
  getElementById: id => byId.get(id) ?? fail(`There is no element ${id}.`),
  createElement: tag => new Element(tag),
  createElementNS: (_, tag) => new Element(tag),
  querySelectorAll: () => [],
  addEventListener: (name, act) => listeners.set(name, act),
};
globalThis.window = { devicePixelRatio: 1 };
globalThis.location = { hash: address };
globalThis.history = { replaceState() {} };
globalThis.matchMedia = () => ({ matches: false, addEventListener() {} });
globalThis.addEventListener = () => {};
globalThis.ResizeObserver = class { observe() {} };
globalThis.requestAnimationFrame = act => frames.push(act);
globalThis.Path2D = class {};

function fail(text) {
  throw new Error(text);
}

function paint() {
  for (let frame = frames.shift(); frame; frame = frames.shift()) frame(0);
}

new Function(between('<script type="module">', "</script>"))();
paint();
for (const word of wanted) {
  if (word.length > 1 && word !== "End") {
    console.log(String(byId.get(word) ?? fail(`There is no element ${word}.`)));
    continue;
  }
  listeners.get("keydown")({ key: word, shiftKey: false, preventDefault() {},
    target: new Element("body") });
  paint();
}
process.exit(0);
