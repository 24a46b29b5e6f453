// Which cases are shown. The state lives in the address (#status=fail&area=framing&q=text&case=ID), so
// that a link shows what its sender saw.

const kNoFilter = {status: [], level: [], area: "", q: "", case: ""};

function stateFromAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  const list = (name) => (given.get(name) || "").split(",").filter(Boolean);
  return {status: list("status"), level: list("level"), area: given.get("area") || "",
          q: given.get("q") || "", case: given.get("case") || ""};
}

function addressOf(state) {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(state))
    if (value.length) parts.set(name, Array.isArray(value) ? value.join(",") : value);
  // Slashes and commas may stand in a fragment, and are easier to read as they are.
  return "#" + parts.toString().replaceAll("%2F", "/").replaceAll("%2C", ",");
}

function matches(one, state) {
  if (state.status.length && !state.status.includes(one.result.status)) return false;
  if (state.level.length || state.area) {
    const fits = (r) => (!state.level.length || state.level.includes(r.level)) &&
                        (!state.area || r.area === state.area);
    if (!one.about.some(fits)) return false;
  }
  const words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
  return words.every((word) => haystackOf(one).includes(word));
}

function checkbox(name, value, label) {
  const id = `${name}-${value.replaceAll(" ", "-")}`;
  return make("span", {class: "choice"}, make("input", {type: "checkbox", id, name, value}),
              make("label", {for: id}, label));
}

// Fills the form, and calls `changed` with the state that a person has chosen.
function makeFilters({report, requirements}, changed) {
  for (const status of Object.keys(kStatuses)) {
    const count = report.cases_by_status[status] || 0;
    if (!count) continue;
    const name = make("span", {class: statusOf(status).key}, icon(statusOf(status).path));
    byId("filter-status").append(checkbox("status", status, [name, `${status} `, make("b", {}, count)]));
  }
  const all = [...requirements.values()];
  for (const level of ["MUST", "SHOULD", "MAY"])
    if (all.some((r) => r.level === level)) byId("filter-level").append(checkbox("level", level, [level]));
  byId("filter-area").append(make("option", {value: ""}, "all areas"));
  for (const area of [...new Set(all.map((r) => r.area))].sort())
    byId("filter-area").append(make("option", {value: area}, area));

  const form = byId("filters");
  const chosen = (name) => [...form.querySelectorAll(`input[name=${name}]:checked`)].map((i) => i.value);
  form.addEventListener("input", () => changed({
    status: chosen("status"), level: chosen("level"), area: byId("filter-area").value,
    q: byId("filter-text").value}));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    changed(kNoFilter);
  });
}

function showFilters(state) {
  for (const input of byId("filters").querySelectorAll("input[type=checkbox]"))
    input.checked = state[input.name].includes(input.value);
  byId("filter-area").value = state.area;
  if (byId("filter-text").value !== state.q) byId("filter-text").value = state.q;
  const any = state.status.length || state.level.length || state.area || state.q;
  byId("filter-clear").disabled = !any;
}
