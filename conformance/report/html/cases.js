// The lower half of the page: cases in groups by status, each opened on demand.

// Groups that are good news are closed, unless somebody asked for them.
const kClosedGroups = ["pass", "not applicable"];
const kGood = ["pass", "not applicable", "expected failure", "known flaky"];

function makeGroups(cases) {
  const groups = [];
  if (!cases.some((one) => !kGood.includes(one.result.status)))
    byId("groups").append(make("p", {class: "calm"}, icon(kStatuses.pass.path, 20), "Nothing failed."));
  for (const status of Object.keys(kStatuses)) {
    const members = cases.filter((one) => one.result.status === status);
    if (!members.length) continue;
    const list = make("ul", {class: "cases"});
    const count = make("span", {class: "count"});
    const node = make("details", {class: `group ${statusOf(status).key}`},
        make("summary", {}, make("h3", {}, icon(statusOf(status).path), statusOf(status).many), count),
        list);
    for (const one of members) {
      one.node = makeCase(one);
      one.item = make("li", {}, one.node);
      list.append(one.item);
    }
    byId("groups").append(node);
    groups.push({status, members, node, count});
  }
  return groups;
}

// Shows what matches; returns how many do.
function showMatching(groups, state) {
  const filtered = state.status.length || state.level.length || state.area || state.q;
  let shown = 0;
  for (const group of groups) {
    let matching = 0;
    for (const one of group.members) {
      const fits = matches(one, state);
      one.item.hidden = !fits;
      matching += fits;
    }
    group.node.hidden = matching === 0;
    group.count.textContent = matching === group.members.length
        ? `${matching}` : `${matching} of ${group.members.length}`;
    const wanted = state.status.includes(group.status) || (filtered && !state.status.length);
    group.node.open = wanted || !kClosedGroups.includes(group.status);
    shown += matching;
  }
  return shown;
}

// The line of a case; the rest is made when it is opened.
function makeCase(one) {
  const {result, about} = one;
  const first = about[0];
  const more = about.length - 1;
  const node = make("details", {class: `case ${statusOf(result.status).key}`, "data-case": one.name},
      make("summary", {},
          badge(result.status),
          make("span", {class: "name"}, one.name),
          make("span", {class: "time"}, seconds(result.seconds)),
          first && make("span", {class: "gist"}, make("b", {}, `${first.id} ${first.level}`), " ",
                        first.text, more > 0 && make("em", {}, ` and ${counted(more, "more requirement")}`))));
  node.addEventListener("toggle", () => {
    if (node.open) fillCase(one);
  });
  return node;
}

function fillCase(one) {
  if (one.filled) return;
  one.filled = true;
  one.node.append(make("div", {class: "body"}, aboutCase(one), checksOf(one), conversationOf(one),
                       reproduceOf(one)));
  one.node.querySelectorAll(".diagram").forEach(scrollToKept);
}

const kBlame = {
  target: "the server under test",
  prerequisite: "a prerequisite: what this case builds on failed before",
  environment: "the environment: the machine or the network that the suite ran in",
  harness: "the suite itself",
};

function aboutCase({result}) {
  const blame = kBlame[result.blame];
  if (!blame && !result.why) return null;
  return make("p", {class: "about"}, blame && [make("b", {}, "To blame: "), blame, ". "],
              result.why && [make("b", {}, "Why: "), result.why]);
}

function checksOf({result, troubled, requirements}) {
  const judged = troubled.filter((check) => check.expected || check.actual);
  const silent = troubled.filter((check) => !check.expected && !check.actual);
  const passed = result.checks.filter((check) => check.status === "pass");
  const ids = [...new Set(judged.map((check) => check.requirement))];
  return [ids.map((id) => checkCard(judged.filter((c) => c.requirement === id), requirements)),
          shortChecks(silent, requirements), shortChecks(passed, requirements)];
}

function levelOf(requirement) {
  return make("span", {class: `level ${(requirement.level || "").toLowerCase()}`}, requirement.level);
}

// All checks of one requirement; what it means is told once.
function checkCard(checks, requirements) {
  const {requirement: id, status} = checks[0];
  const requirement = requirements.get(id) || {};
  const times = checks.map((check) => seconds(check.at_seconds)).join(", ");
  const rows = [];
  for (const check of checks)
    rows.push(["Expected", check.expected, "expected"], ["Actual", check.actual, "actual"]);
  rows.push(["Harm", requirement.harm], ["Evidence", requirement.evidence, "evidence"],
            ["Guide", requirement.guide, "guide"]);
  return make("article", {class: `check ${statusOf(status).key}`, "aria-label": `${id}: ${status}`},
      make("h4", {}, badge(status), make("code", {}, id), levelOf(requirement),
           make("span", {class: "at"}, `after ${times}`)),
      make("p", {class: "says"}, requirement.text),
      make("dl", {}, rows.filter(([, text]) => text).map(([name, text, kind]) =>
          make("div", {class: kind}, make("dt", {}, name), make("dd", {}, text)))));
}

// Checks of which there is nothing to tell but their status.
function shortChecks(checks, requirements) {
  if (!checks.length) return null;
  const seen = countBy(checks, (check) => `${check.requirement}\n${check.status}`);
  return make("ul", {class: "short"}, [...seen].map(([key, times]) => {
    const [id, status] = key.split("\n");
    const requirement = requirements.get(id) || {};
    return make("li", {}, badge(status), make("code", {}, id), levelOf(requirement), " ",
                requirement.text, times > 1 && ` (${times} times)`);
  }));
}

function conversationOf({conversation}) {
  const {dropped, servers, events} = conversation;
  if (!events.length) return null;
  return make("section", {class: "conversation", "aria-label": "Conversation"},
      make("h4", {}, "Conversation"),
      dropped > 0 && make("p", {}, `${counted(dropped, "older event")} not kept.`),
      makeDiagram(events, servers),
      makeTranscript(events));
}

function reproduceOf({result}) {
  if (!result.reproduce) return null;
  const said = make("span", {class: "said", role: "status"});
  const code = make("code", {tabindex: "0"}, result.reproduce);
  const copy = async () => {
    said.textContent = (await copied(result.reproduce, code)) ? "Copied" : "Press Ctrl+C to copy";
    setTimeout(() => { said.textContent = ""; }, 4000);
  };
  return make("div", {class: "reproduce"}, make("h4", {}, "Reproduce"),
              make("div", {class: "command"}, code,
                   make("button", {type: "button", onclick: copy, "aria-label": "Copy the command"},
                        "Copy"), said));
}

// Not everywhere may a page use the clipboard; then the text is selected for the reader's own Ctrl+C.
async function copied(text, node) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection().selectAllChildren(node);
    return document.execCommand("copy");
  }
}
