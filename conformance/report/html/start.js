// Puts the page together and keeps it in step with the address.

function start() {
  const model = readReport(byId("report").textContent, byId("conversations").textContent);
  let state = stateFromAddress();
  const groups = makeGroups(model.cases);
  const choose = (change) => {
    state = {...kNoFilter, ...change};
    apply(true);
    byId("results-title").scrollIntoView();
    byId("results-title").focus({preventScroll: true});
  };
  showSummary(model, choose);
  makeFilters(model, (change) => {
    state = {...state, ...change, case: ""};
    apply(true);
  });

  function apply(remember) {
    showFilters(state);
    const shown = showMatching(groups, state);
    byId("shown").textContent = shown === model.cases.length
        ? `All ${counted(shown, "case")}.` : `${shown} of ${counted(model.cases.length, "case")}.`;
    if (remember) history.replaceState(null, "", addressOf(state));
  }

  // A link to a case opens it, whatever else is filtered.
  function reveal() {
    const one = model.names.get(state.case);
    if (!one) return;
    one.item.hidden = false;
    const group = groups.find((g) => g.status === one.result.status).node;
    group.hidden = false;
    group.open = true;
    fillCase(one);
    one.node.open = true;
    one.node.scrollIntoView();
    one.node.querySelector("summary").focus({preventScroll: true});
  }

  byId("groups").addEventListener("click", (event) => {
    const summary = event.target.closest(".case > summary");
    if (!summary) return;
    const node = summary.parentElement;  // still as it was before the click
    state = {...state, case: node.open ? "" : node.dataset.case};
    history.replaceState(null, "", addressOf(state));
  });
  addEventListener("hashchange", () => {
    state = stateFromAddress();
    apply(false);
    reveal();
  });
  addEventListener("keydown", (event) => onKey(event));
  addEventListener("beforeprint", () => {
    for (const one of model.cases)
      if (!one.item.hidden && one.result.status !== "pass" && one.events.length) {
        fillCase(one);
        one.node.open = true;
      }
  });
  apply(false);
  reveal();
  document.documentElement.dataset.ready = "yes";
}

// "/" goes to the search, n and p to the next and the previous case that is not good news.
function onKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.closest("input, select, textarea")) return;
  if (event.key === "/") {
    event.preventDefault();
    byId("filter-text").focus();
  } else if (event.key === "n" || event.key === "p") {
    walk(event.key === "n" ? 1 : -1);
  }
}

function walk(step) {
  const lines = [...document.querySelectorAll(
      ".group:not([hidden]):not(.pass) li:not([hidden]) > .case > summary")];
  if (!lines.length) return;
  const here = lines.findIndex((line) => line.parentElement.contains(document.activeElement));
  const next = here < 0 ? (step > 0 ? 0 : lines.length - 1)
                        : Math.min(Math.max(here + step, 0), lines.length - 1);
  lines[next].closest(".group").open = true;
  lines[next].focus();
  lines[next].scrollIntoView({block: "center"});
}

document.documentElement.classList.add("js");
document.addEventListener("DOMContentLoaded", () => {
  try {
    start();
  } catch (error) {
    // Better the plain page than half of this one.
    document.documentElement.classList.remove("js");
    throw error;
  }
});
