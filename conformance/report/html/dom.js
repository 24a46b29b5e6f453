// Building blocks of the page. Everything that a server said reaches the page through make() and
// draw(), as text: nothing here or elsewhere parses HTML.

// Characters that would hide what a text says, or turn it around, are shown as \u{202e}.
const kInvisible =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

function visible(text) {
  return String(text).replace(kInvisible, (c) => `\\u{${c.charCodeAt(0).toString(16)}}`);
}

function fill(node, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : visible(value));
  }
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false) continue;
    node.append(child instanceof Node ? child : visible(child));
  }
  return node;
}

// make("a", {href: "#x", onclick: f}, "text", child)
function make(tag, properties = {}, ...children) {
  return fill(document.createElement(tag), properties, children);
}

// The same for SVG.
function draw(tag, properties = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), properties, children);
}

function byId(id) {
  return document.getElementById(id);
}

// Of each status: its class, its icon's path in a box of 16, its word in the plural.
const kStatuses = {
  "harness error": {key: "harness", many: "Errors of the suite", path: "M8 2 15 14H1ZM8 6v4M8 12v.5"},
  "fail": {key: "fail", many: "Failures", path: "M4 4l8 8M12 4l-8 8"},
  "unexpected pass": {key: "surprise", many: "Unexpected passes", path: "M3 8l3 4 4-7M13 4v5M13 11v.6"},
  "blocked": {key: "blocked", many: "Blocked", path: "M8 2a6 6 0 1 0 .01 0ZM4 12l8-8"},
  "not run": {key: "skipped", many: "Not run", path: "M6 4v8M10 4v8"},
  "expected failure": {key: "known", many: "Known failures", path: "M4 2v12M4 3h8l-2 3 2 3H4"},
  "known flaky": {key: "flaky", many: "Known to be flaky", path: "M2 9c2-8 4-8 6-1s4 7 6-1"},
  "pass": {key: "pass", many: "Passes", path: "M3 8.5l3.5 4L13 4"},
  "not applicable": {key: "skipped", many: "Not applicable", path: "M4 8h8"},
};

function statusOf(name) {
  return kStatuses[name] || {key: "skipped", many: name, path: "M4 8h8"};
}

function icon(path, size = 16) {
  return draw("svg", {viewBox: "0 0 16 16", width: size, height: size, "aria-hidden": "true",
                      class: "icon"}, draw("path", {d: path}));
}

// Icon and word: never colour alone.
function badge(status) {
  return make("span", {class: `badge ${statusOf(status).key}`}, icon(statusOf(status).path), status);
}

function counted(count, one, many = one + "s") {
  return `${count} ${count === 1 ? one : many}`;
}

function seconds(value) {
  return `${Number(value).toFixed(3)} s`;
}
