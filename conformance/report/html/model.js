// The report as the page uses it: cases with what the filters ask for, requirements by id.

function readReport(text) {
  const report = JSON.parse(text);
  const requirements = new Map();
  for (const requirement of report.requirements) requirements.set(requirement.id, requirement);
  const names = new Map();
  const cases = report.cases.map((result) => readCase(result, requirements));
  for (const one of cases) {
    while (names.has(one.name)) one.name += "'";
    names.set(one.name, one);
  }
  return {report, requirements, cases, names};
}

function readCase(result, requirements) {
  const troubled = result.checks.filter((check) => check.status !== "pass");
  const inPlace = result.status === "pass" ? result.checks : troubled.length ? troubled : result.checks;
  const about = [...new Set(inPlace.map((check) => check.requirement))].map(
      (id) => requirements.get(id) || {id, level: "", area: "", text: ""});
  return {
    result,
    // What links call it; repetitions count from 1.
    name: result.repetition ? `${result.id}~${result.repetition + 1}` : result.id,
    // The requirements that its status is about: of anything but a pass, those that did not pass.
    about,
    troubled,
    requirements,
    events: (result.conversation && result.conversation.events) || [],
    haystack: null,
  };
}

// All texts of a case in lower case, made when somebody first searches.
function haystackOf(one) {
  if (one.haystack === null) {
    const {result, about, events} = one;
    const texts = [result.id, result.status, result.why, result.blame];
    for (const r of about) texts.push(r.id, r.level, r.area, r.text, r.harm);
    for (const check of result.checks) texts.push(check.requirement, check.expected, check.actual);
    for (const event of events) texts.push(event.party, event.text, event.remote, event.local);
    one.haystack = texts.join("\n").toLowerCase();
  }
  return one.haystack;
}

// {status: number} of a list, by a function that names the status.
function countBy(list, key) {
  const counts = new Map();
  for (const item of list) counts.set(key(item), (counts.get(key(item)) || 0) + 1);
  return counts;
}
