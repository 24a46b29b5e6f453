// The upper half of the page: verdict, totals, facts, baseline, areas.

function showSummary(model, choose) {
  showVerdict(model);
  showTotals(model);
  showFacts(model.report);
  showBaseline(model.report.baseline);
  showProfiles(model.report.profiles || []);
  showFootprint(model.report.footprint);
  showAreas(model, choose);
}

// "does not conform: 3 MUST ..." becomes a headline and what explains it.
function showVerdict({report, requirements}) {
  const {conforms, text} = report.verdict;
  const [headline, ...more] = text.split(": ");
  const target = [report.target.name, report.target.version].filter(Boolean).join(" ");
  const sentence = headline === "no verdict" ? `No verdict on ${target}` : `${target} ${headline}`;
  const judged = [...requirements.values()].filter((r) => r.status === "pass").length;
  const kind = conforms === null ? "blocked" : conforms ? "pass" : "fail";
  const paths = {pass: kStatuses.pass.path, fail: kStatuses.fail.path, blocked: "M5.5 6a2.5 2.5 0 1 1 3.4 2.4C8.2 8.7 8 9 8 10M8 12.2v.3"};
  byId("verdict").className = kind;
  byId("verdict-icon").append(icon(paths[kind], 40));
  byId("verdict-text").append(visible(sentence));
  byId("verdict-more").append(visible(
      more.length ? capital(more.join(": ")) + "."
                  : `${counted(judged, "requirement")} checked and fulfilled.`));
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

// From left to right.
const kInBars = Object.keys(kStatuses).reverse();

// A part per status, as wide as its count. The numbers stand beside it in words.
function bar(counts) {
  const parts = [];
  for (const status of kInBars) {
    if (!counts.get(status)) continue;
    const part = make("span", {class: statusOf(status).key});
    part.style.flexGrow = counts.get(status);
    parts.push(part);
  }
  return parts;
}

function showTotals({report}) {
  const counts = new Map(Object.entries(report.cases_by_status));
  byId("totals").append(make("li", {class: "all"}, make("b", {}, report.cases.length), " cases"));
  for (const status of kInBars)
    if (counts.get(status) || status === "pass" || status === "fail")
      byId("totals").append(make("li", {class: counts.get(status) ? statusOf(status).key : "skipped"},
                                 icon(statusOf(status).path), make("b", {}, counts.get(status) || 0),
                                 ` ${status}`));
  byId("totals-bar").append(...bar(counts));
}

function showFacts(report) {
  const facts = [
    ["Target", [report.target.name, report.target.version].filter(Boolean).join(" ")],
    ["Addresses", report.target.addresses],
    ["Date", report.date && report.date.replace("T", " ").replace("Z", " UTC")],
    ["Duration", `${report.seconds.toFixed(1)} s`],
    ["World", report.world === "virtual" ? "virtual (simulated network and time)" : "real (sockets and clock)"],
    ["Seed", report.seed],
    ["Allowed effects", (report.effects || []).join(", ")],
    ["deskcheck", report.deskcheck],
  ];
  for (const [name, value] of facts)
    if (value !== "" && value !== undefined)
      byId("facts").append(make("div", {}, make("dt", {}, name), make("dd", {}, value)));
  byId("made-by").append(visible(`deskcheck ${report.deskcheck}`));
}

function showBaseline(baseline) {
  if (!baseline) return;
  const rows = [];
  for (const kind of ["exceeded", "stale", "expired"])
    for (const entry of baseline[kind] || [])
      rows.push(make("li", {}, make("span", {class: "badge blocked"}, icon(kStatuses.blocked.path), kind),
                     " ", make("code", {}, entry.where), " ", make("b", {}, entry.entry), " ",
                     entry.text));
  byId("baseline").hidden = rows.length === 0;
  byId("baseline").querySelector("ul").append(...rows);
  showKnown(baseline.entries || []);
}

// What is known to fail and what is flaky, apart: why, whose it is, and what came of it.
function showKnown(entries) {
  byId("known").hidden = entries.length === 0;
  const cells = (entry) => [
    entry.failures + (entry.at_most ? ` of at most ${entry.at_most}` : ""),
    `${entry.failed} of ${entry.judged}`, entry.owner, entry.expires, entry.reason];
  for (const flaky of [false, true]) {
    const status = flaky ? "known flaky" : "expected failure";
    for (const entry of entries.filter((one) => one.flaky === flaky))
      byId("known").querySelector("tbody").append(make("tr", {},
          make("th", {scope: "row"}, badge(status), " ", entry.entry, " ", make("code", {}, entry.where)),
          cells(entry).map((text) => make("td", {}, text))));
  }
}

const kProfileClasses = {"passed": "pass", "failed": "fail", "not proven": "blocked", "not claimed": "skipped"};

// Of profiles that belonged to the run: what became of the core, and of all.
function showProfiles(profiles) {
  const shown = profiles.filter((one) => one.in_run);
  byId("profiles").hidden = shown.length === 0;
  const cell = ({verdict, passed, open, not_applicable, failing}) => {
    const all = passed + open + not_applicable + failing.length;
    const count = {"passed": passed, "failed": failing.length, "not proven": open}[verdict];
    return make("td", {class: kProfileClasses[verdict], title: failing.join(" ")},
                count ? `${verdict} (${count} of ${all})` : verdict);
  };
  for (const one of shown)
    byId("profiles").querySelector("tbody").append(make("tr", {}, make("th", {scope: "row"}, one.name),
        cell(one.core), cell(one.extended), make("td", {}, one.text)));
}

// Of somebody else's server: what was created there, what of it was removed, and what stays under which names.
function showFootprint(footprint) {
  byId("footprint").hidden = !footprint;
  if (!footprint) return;
  const {prefix, created, removed, left, things, notes} = footprint;
  byId("footprint-text").append(...(things.length
      ? [`Created ${created}, removed ${removed}, left ${left || "nothing"}. Names carry `, make("code", {}, prefix), "."]
      : ["Nothing was created."]));
  byId("footprint").querySelector("table").hidden = things.length === 0;
  byId("footprint").querySelector("tbody").append(...things.map(showThing));
  byId("footprint").querySelector("ul").append(
      ...notes.map((note) => make("li", {class: "blocked"}, `What is left could not be checked: ${note}`)));
}

function showThing({thing, created, removed, left, names, why}) {
  const forgotten = "It could have been removed: the suite or its environment left it behind, not the target.";
  const listed = names.length > 0 && make("details", {}, make("summary", {}, counted(left, "name")),
                                      make("p", {class: "names"}, names.join(" "), left > names.length && " ..."));
  return make("tr", {}, make("th", {scope: "row"}, thing),
              [created, removed, left].map((count) => make("td", {}, count)),
              make("td", {}, left ? why || make("span", {class: "blocked"}, forgotten) : "", listed));
}

// The columns of the console's table.
const kColumns = ["pass", "fail", "blocked", "not applicable", "not run", "harness error"];
const kOthers = ["expected failure", "known flaky", "unexpected pass"];

function showAreas({requirements}, choose) {
  const all = [...requirements.values()];
  const present = new Set(all.map((r) => r.status));
  const columns = [...kColumns, ...kOthers].filter((s) => present.has(s) || s === "pass" || s === "fail");
  const row = (name, list, action) => {
    const counts = countBy(list, (r) => r.status);
    return make("tr", {},
        make("th", {scope: "row"}, make("button", {type: "button", class: "link", onclick: action,
                                                   title: "Show the cases of this row"}, name)),
        make("td", {class: "wide"}, make("div", {class: "bar", "aria-hidden": "true"}, bar(counts))),
        make("td", {}, list.length),
        columns.map((status) => make("td", {class: counts.get(status) ? statusOf(status).key : "none"},
                                     counts.get(status) || "–")));
  };
  const table = byId("areas");
  table.tHead.append(make("tr", {}, make("th", {scope: "col"}, "Area"),
      make("td", {class: "wide"}), make("th", {scope: "col"}, "all"),
      columns.map((status) => make("th", {scope: "col"}, status))));
  for (const area of [...new Set(all.map((r) => r.area))].sort())
    table.tBodies[0].append(row(area, all.filter((r) => r.area === area), () => choose({area})));
  for (const level of ["MUST", "SHOULD", "MAY"]) {
    const list = all.filter((r) => r.level === level);
    if (list.length) table.tFoot.append(row(level, list, () => choose({level: [level]})));
  }
}
