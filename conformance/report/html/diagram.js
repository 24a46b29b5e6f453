// A conversation as a sequence diagram: a lifeline per party and per address that it talks with, time
// downwards, an arrow per message. Beside it the message that is pointed at, in full.

const kRow = 34, kHead = 46, kGutter = 84, kMargin = 70;
const kLane = 190, kWidestLane = 290;
const kMostParties = 6;       // of more, those of a kind share a lifeline
const kPause = 1;             // seconds: a longer one is drawn
const kCharacter = 6.7;       // width in the font of arrows

// Where each party and address stands: the first party, the servers, the other parties.
function lanesOf(events, servers) {
  const parties = [...new Set(events.map((event) => event.party))].filter(Boolean);
  const homes = new Map();
  for (const event of events) if (event.local) homes.set(event.local, event.party);
  const crowd = parties.length > kMostParties;
  const kind = (name) => crowd ? name.replace(/ \d+$/, "") : name;  // "device 12" is a device
  const partyLane = (name) => `party ${kind(name)}`;
  const peerLane = (address) => homes.has(address) ? partyLane(homes.get(address)) : `peer ${address}`;
  const names = new Map(servers.map((server) => [server.address, server.name]));
  const partyLanes = [...countBy(parties, kind)].map(([name, count]) => (
      {key: partyLane(name), title: count > 1 ? `${count} ${name}s` : name, kind: "party"}));
  const peers = [...new Set(events.filter((e) => e.remote).map((e) => e.remote))]
      .filter((address) => !homes.has(address))
      .map((address) => ({key: peerLane(address), title: names.get(address) || "peer",
                          address, kind: names.has(address) ? "server" : "peer"}));
  const lanes = [...partyLanes.slice(0, 1), ...peers, ...partyLanes.slice(1)];
  const longest = Math.max(0, ...events.map((e) => (e.what === "note" ? 0 : captionOf(e, crowd).length)));
  const width = Math.min(Math.max(kLane, longest * kCharacter + 60), kWidestLane);
  lanes.forEach((lane, index) => { lane.x = kGutter + kMargin + index * width; });
  const at = new Map(lanes.map((lane) => [lane.key, lane]));
  return {lanes, width, crowd, of: (event) => at.get(partyLane(event.party)),
          peerOf: (event) => at.get(peerLane(event.remote))};
}

function shortened(text, width) {
  const most = Math.max(6, Math.floor(width / kCharacter));
  return text.length > most ? text.slice(0, most - 1) + "…" : text;
}

// What stands above the arrow. In a crowd the lifeline does not tell who it was.
function captionOf(event, crowd) {
  return (crowd ? `${event.party}: ` : "") + caption(event);
}

function caption(event) {
  if (event.what === "sent" || event.what === "received")
    return event.message || event.text.split(": ")[0];
  if (event.what === "connected") return "connects";
  return event.text.startsWith("cannot connect") ? "cannot connect" : `closed ${event.text}`;
}

// One sentence per event, for the text and for those who hear the page.
function sentence(event) {
  const peer = `${event.transport} ${event.remote}`;
  const secret = event.encrypted ? ", encrypted" : "";
  switch (event.what) {
    case "sent": return `${event.party} to ${peer}${secret}: ${event.text}`;
    case "received": return `${peer} to ${event.party}${secret}: ${event.text}`;
    case "connected": return `${event.party} connects from ${event.local} to ${peer}`;
    case "closed": return `${event.party}, connection with ${peer} closed: ${event.text}`;
    default: return event.party ? `${event.party}: ${event.text}` : event.text;
  }
}

function makeDiagram(events, servers) {
  const lanes = lanesOf(events, servers);
  const rows = placeRows(events);
  const width = Math.max(lanes.lanes.length ? lanes.lanes.at(-1).x + kMargin + 20 : 0, 560);
  const height = rows.at(-1).y + kRow;
  const details = make("aside", {class: "details", "aria-live": "polite"});
  const marks = [];
  const svg = draw("svg", {class: "lines", width, height, viewBox: `0 0 ${width} ${height}`,
                           role: "group", "aria-label":
                           `Sequence diagram of ${counted(events.length, "event")}; arrow keys walk through them`});
  for (const lane of lanes.lanes)
    svg.append(draw("line", {class: `life ${lane.kind}`, x1: lane.x, x2: lane.x, y1: 0, y2: height}));
  for (const row of rows) {
    if (row.pause) svg.append(drawPause(row, width));
    marks.push(drawEvent(row, lanes));
  }
  svg.append(...marks);
  const kept = follow(svg, marks, events, details);
  return make("div", {class: "diagram", "data-kept": rows[kept].y},
      make("div", {class: "canvas"}, drawHeads(lanes.lanes, width), svg), details);
}

// Once it is in the page: what is kept at first may stand further down.
function scrollToKept(diagram) {
  const canvas = diagram.querySelector(".canvas");
  const y = Number(diagram.dataset.kept) + kHead;
  if (y > canvas.clientHeight - kRow) canvas.scrollTop = y - canvas.clientHeight / 2;
}

function placeRows(events) {
  let y = 4, before = 0;
  return events.map((event) => {
    const pause = event.at_seconds - before >= kPause ? event.at_seconds - before : 0;
    y += pause ? 2 * kRow : kRow;
    before = event.at_seconds;
    return {event, y, pause};
  });
}

function drawHeads(lanes, width) {
  const heads = lanes.map((lane) => draw("g", {class: `head ${lane.kind}`},
      draw("rect", {x: lane.x - 82, y: 3, width: 164, height: kHead - 6, rx: 6}),
      draw("text", {x: lane.x, y: lane.address ? 20 : 28}, shortened(lane.title, 150)),
      lane.address && draw("text", {x: lane.x, y: 35, class: "address"}, shortened(lane.address, 158))));
  return draw("svg", {class: "heads", width, height: kHead, viewBox: `0 0 ${width} ${kHead}`,
                      role: "group", "aria-label": "Lifelines"}, heads);
}

function drawPause({y, pause}, width) {
  return draw("g", {class: "pause"},
      draw("line", {x1: kGutter, x2: width - 20, y1: y - kRow - 4, y2: y - kRow - 4}),
      draw("text", {x: 8, y: y - kRow}, `+ ${pause.toFixed(1)} s`));
}

function drawEvent({event, y}, lanes) {
  const from = lanes.of(event);
  const mark = draw("g", {class: `event ${event.what}`, role: "button", tabindex: "-1",
                          "aria-label": `${seconds(event.at_seconds)}, ${sentence(event)}`},
      draw("rect", {class: "hit", x: 0, y: y - 24, width: "100%", height: kRow}),
      draw("text", {class: "time", x: kGutter - 12, y: y + 4}, seconds(event.at_seconds)));
  if (event.what === "note") {
    mark.append(...drawNote(event, from, lanes, y));
    return mark;
  }
  const peer = lanes.peerOf(event);
  const span = Math.max(Math.abs(peer.x - from.x), lanes.width / 2);
  const middle = (from.x + (peer === from ? from.x + span : peer.x)) / 2;
  mark.append(drawArrow(event, from.x, peer.x, y),
      draw("text", {class: "label", x: middle, y: y - 6},
           shortened(captionOf(event, lanes.crowd), span - (event.encrypted ? 92 : 38)),
           draw("tspan", {class: "transport", dx: 5},
                event.encrypted ? `${event.transport}, encrypted` : event.transport)));
  return mark;
}

// The suite's own notes belong to no lifeline.
function drawNote(event, from, lanes, y) {
  const x = from ? from.x : kGutter;
  const end = lanes.lanes.length ? lanes.lanes.at(-1).x + kMargin : 600;
  const text = from && lanes.crowd ? `${event.party}: ${event.text}` : event.text;
  const room = Math.max(end - x, 420) * (isFailure(event) ? 0.88 : 1);  // those are bold
  return [from && draw("circle", {class: "dot", cx: x, cy: y, r: 3}),
          draw("text", {class: `label ${isFailure(event) ? "fails" : ""}`, x: x + 10, y: y + 4},
               shortened(text, room))].filter(Boolean);
}

// The suite notes where in the conversation a requirement failed.
function isFailure(event) {
  return event.what === "note" && / fails: expected /.test(event.text);
}

function drawArrow({what}, party, peer, y) {
  if (party === peer)  // two on one lifeline
    return draw("path", {class: "arrow", d: `M${party} ${y}h40v9h-34m6 -4l-6 4l6 4`});
  const [from, to] = what === "received" ? [peer, party] : [party, peer];
  const side = to > from ? -1 : 1;
  const line = `M${from} ${y}H${to}`;
  if (what === "closed") {
    const middle = to + side * 8;
    return draw("path", {class: "arrow", d: `M${from} ${y}H${middle}M${middle - 4} ${y - 4}l8 8m0 -8l-8 8`});
  }
  return draw("path", {class: "arrow", d: `${line}m${side * 8} -4L${to} ${y}l${side * 8} 4`});
}

// What came last before the first failure, or what was said first.
function firstShown(events) {
  const failure = events.findIndex(isFailure);
  const before = events.slice(0, Math.max(failure, 0)).findLastIndex((e) => e.what !== "note");
  return Math.max(before >= 0 ? before : events.findIndex((e) => e.what !== "note"), 0);
}

// Pointing shows a message, a click or the keyboard keeps it.
function follow(svg, marks, events, details) {
  let kept = firstShown(events);
  const show = (index) => details.replaceChildren(...detailsOf(events[index]));
  const keep = (index) => {
    marks[kept].setAttribute("tabindex", "-1");
    marks[kept].classList.remove("kept");
    kept = index;
    marks[kept].setAttribute("tabindex", "0");
    marks[kept].classList.add("kept");
    show(kept);
  };
  marks.forEach((mark, index) => {
    mark.addEventListener("mouseenter", () => show(index));
    mark.addEventListener("click", () => keep(index));
    mark.addEventListener("focus", () => keep(index));
  });
  svg.addEventListener("mouseleave", () => show(kept));
  svg.addEventListener("keydown", (event) => {
    const steps = {ArrowDown: kept + 1, ArrowUp: kept - 1, Home: 0, End: marks.length - 1};
    if (!(event.key in steps)) return;
    event.preventDefault();
    const next = Math.min(Math.max(steps[event.key], 0), marks.length - 1);
    marks[next].focus();
  });
  keep(kept);
  return kept;
}

function detailsOf(event) {
  const title = event.what === "note" ? "note" : event.message || event.what;
  const facts = [["at", seconds(event.at_seconds)], ["party", event.party || "the suite"]];
  if (event.what !== "note") {
    const ends = event.what === "received" ? ["to", "from"] : ["from", "to"];
    facts.push([ends[0], event.local], [ends[1], event.remote], ["over", event.transport]);
    if (event.size !== undefined) facts.push(["size", counted(event.size, "byte")], ["read as", event.protocol]);
    if (event.encrypted) facts.push(["encrypted", "yes; shown as decrypted"]);
  }
  const pairs = (list, name) => make("dl", {class: name}, list.map(([key, value]) =>
      make("div", {}, make("dt", {}, key), make("dd", {}, value))));
  const fields = (event.fields || []).map((field) => [field.name, field.value]);
  return [make("h5", {}, title),
          fields.length ? pairs(fields, "fields") : make("p", {class: "words"}, event.message ? "no fields set" : event.text),
          pairs(facts, "facts")];
}

function makeTranscript(events) {
  const rows = events.map((event) => make("li", {}, make("span", {class: "at"}, seconds(event.at_seconds)),
                                          " ", sentence(event)));
  return make("details", {class: "transcript"}, make("summary", {}, "The conversation as text"),
              make("ol", {}, rows));
}
