// How long until a person can read a report: that of a run with forty faults, and one of 1,000 cases,
// all with their conversations.

import assert from "node:assert/strict";
import fs from "node:fs";
import {test} from "node:test";

import {open, pageOf, ready, runWithFortyFaults} from "./browser.mjs";

const kCases = 1000;
const kOpenings = 5;
const kLimit = 15_000;  // ms: only tells a page that hangs; the goal is one second

const {report, file: fortyFile} = runWithFortyFaults();
const source = report.cases.filter((one) => one.status !== "pass" && one.conversation?.events.length);
const large = {...report, cases: []};
for (let i = 0; i < kCases; ++i)
  large.cases.push({...source[i % source.length], repetition: Math.floor(i / source.length)});
large.cases_by_status = {};
for (const {status} of large.cases)
  large.cases_by_status[status] = (large.cases_by_status[status] || 0) + 1;

function median(list) {
  return list.sort((a, b) => a - b)[Math.floor(list.length / 2)];
}

async function timeToRead(file) {
  const {page, trouble, close} = await open(file);
  await ready(page);
  const at = await page.evaluate(() => new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
  }));
  assert.deepEqual(trouble, []);
  await close();
  return at;
}

for (const [name, file, {cases}] of [["forty faults", fortyFile, report],
                                     ["large", pageOf(large, "large"), large]])
  test(`opens quickly: ${name}`, async () => {
    await timeToRead(file);  // the browser's own start
    const times = [];
    for (let i = 0; i < kOpenings; ++i) times.push(await timeToRead(file));
    const size = fs.statSync(file).size / 1e6;
    const events = cases.reduce((sum, one) => sum + (one.conversation?.events.length || 0), 0);
    console.log(`# ${cases.length} cases, ${events} events, ${size.toFixed(1)} MB: painted after ` +
                `${median(times).toFixed(0)} ms (median of ${kOpenings})`);
    assert.ok(median(times) < kLimit);
  });

test("searches quickly, and every case can be opened", async () => {
  const {page, close} = await open(pageOf(large, "large"));
  await ready(page);
  const took = await page.evaluate(() => {
    const begun = performance.now();
    const field = document.getElementById("filter-text");
    field.value = "foreign-uuid";
    field.dispatchEvent(new Event("input", {bubbles: true}));
    document.body.getBoundingClientRect();
    return performance.now() - begun;
  });
  console.log(`# first search through ${kCases} cases: ${took.toFixed(0)} ms`);
  assert.ok(took < kLimit);
  const last = large.cases.at(-1);
  await page.evaluate((name) => { location.hash = `#case=${name}`; }, `${last.id}~${last.repetition + 1}`);
  await page.locator(".case[open] .body").waitFor();
  assert.ok((await page.locator(".case[open] .event").count()) === last.conversation.events.length);
  await close();
});
