// The report as the page uses it: cases with what the filters ask for, requirements by id.

// `conversations`: a line for each case, which may be empty.
function readReport(text, conversations) {
  const report = JSON.parse(text);
  const lines = conversations.split("\n");
  const requirements = new Map();
  for (const requirement of report.requirements) requirements.set(requirement.id, requirement);
  const names = new Map();
  const cases = report.cases.map((result, index) => readCase(result, lines[index], requirements));
  for (const one of cases) {
    while (names.has(one.name)) one.name += "'";
    names.set(one.name, one);
  }
  return {report, requirements, cases, names};
}

function readCase(result, line, requirements) {
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
    // Read when somebody asks for it: all of them together are most of the page.
    get conversation() { return line ? (this.read ||= readConversation(line)) : kNoConversation; },
    get events() { return this.conversation.events; },
    haystack: null,
  };
}

const kNoConversation = {dropped: 0, servers: [], events: []};

// The order in which html.cpp writes the members of an event; names and values of fields in turn.
const kEvent = ["at_seconds", "party", "what", "text", "transport", "local", "remote", "encrypted", "protocol",
                "size", "message", "fields"];

function readConversation(line) {
  const conversation = {...kNoConversation, ...JSON.parse(line)};
  conversation.events = conversation.events.map(readEvent);
  return conversation;
}

function readEvent(members) {
  const event = {};
  kEvent.forEach((name, index) => {
    if (members[index] !== null && members[index] !== undefined) event[name] = members[index];
  });
  if (event.fields)
    event.fields = event.fields.flatMap((name, index, turns) => (
        index % 2 ? [] : [{name, value: turns[index + 1]}]));
  if (event.text === undefined) event.text = textOf(event);
  return event;
}

// As the report's own text of a message, which is left out here.
function textOf({message, fields}) {
  return `${message} {${(fields || []).map(({name, value}) => `${name}: ${value}`).join(", ")}}`;
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
