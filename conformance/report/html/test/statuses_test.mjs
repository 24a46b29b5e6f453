// Reports that a run with forty faults does not give: every status at once, baselines, other verdicts,
// repetitions, a run that nobody finds fault with.

import assert from "node:assert/strict";
import {test} from "node:test";

import {deskcheck, inScratch, open, pageOf, readJson, ready} from "./browser.mjs";

deskcheck(1, "run", "--virtual-time", "--seed", "7", "--filter", "RDV-REGPEER-*", "--fault",
          "forgets-request-pk", "--json", inScratch("small.json"));
const report = readJson(inScratch("small.json"));

async function onPage(changed, tell) {
  const {page, trouble, close} = await open(pageOf(changed, "changed"));
  await ready(page);
  await tell(page);
  assert.deepEqual(trouble, []);
  await close();
}

function recount(changed) {
  for (const status of Object.keys(changed.cases_by_status))
    changed.cases_by_status[status] = changed.cases.filter((one) => one.status === status).length;
  return changed;
}

test("every status has a group, an icon and its word", async () => {
  const changed = structuredClone(report);
  const statuses = Object.keys(changed.cases_by_status);
  assert.equal(statuses.length, 9);
  for (const [index, status] of statuses.entries()) {
    changed.cases[index].status = status;
    changed.requirements[index].status = status;
  }
  await onPage(recount(changed), async (page) => {
    const words = await page.locator(".case > summary .badge").allTextContents();
    assert.deepEqual([...new Set(words)].sort(), statuses.sort());
    assert.equal(await page.locator(".case > summary .badge svg path").count(), words.length);
    assert.equal(await page.locator(".group").count(), 9);
    for (const title of ["Known failures", "Known to be flaky", "Unexpected passes", "Errors of the suite", "Not run", "Not applicable"])
      assert.ok(await page.getByRole("heading", {name: title}).isVisible(), title);
    const columns = await page.getByRole("columnheader").allTextContents();
    for (const status of statuses) assert.ok(columns.includes(status), status);
  });
});

test("stale and expired entries of the baseline are named above all", async () => {
  const baseline = {file: "known.yaml",
                    stale: [{where: "known.yaml:7", entry: "a/b/two", text: "is stale"}],
                    expired: [{where: "known.yaml:3", entry: "a/b/one", text: "has expired"}]};
  await onPage({...report, baseline}, async (page) => {
    const text = await page.getByRole("region", {name: "Baseline entries that need a look"}).innerText();
    for (const words of ["stale", "known.yaml:7", "a/b/two", "expired", "known.yaml:3"])
      assert.ok(text.includes(words), words);
  });
  await onPage({...report, baseline: {file: "known.yaml", stale: [], expired: []}}, async (page) => {
    assert.ok(!(await page.locator("#baseline").isVisible()));
  });
});

test("known failures and flaky ones are listed with owner, reason and how often", async () => {
  const entry = {where: "known.yaml:3", entry: "a/b/one (no answer)", owner: "ann", reason: "slow disk",
                 expires: "2027-01-31", flaky: true, failures: 1, failed: 3, judged: 10};
  const entries = [entry, {...entry, where: "known.yaml:9", owner: "", flaky: false, at_most: 4}];
  const baseline = {file: "known.yaml", entries, exceeded: [], stale: [], expired: []};
  await onPage({...report, baseline}, async (page) => {
    const rows = await page.getByRole("region", {name: "What is known"}).locator("tbody tr").allInnerTexts();
    assert.equal(rows.length, 2);
    for (const words of ["expected failure", "known.yaml:9", "1 of at most 4"]) assert.ok(rows[0].includes(words), words);
    for (const words of ["known flaky", "known.yaml:3", "3 of 10", "ann", "slow disk", "2027-01-31"])
      assert.ok(rows[1].includes(words), words);
  });
});

test("profiles that belonged to the run have a row each", async () => {
  const part = {verdict: "passed", passed: 4, open: 0, not_applicable: 1, failing: []};
  const profiles = [
    {name: "relay", text: "meet", in_run: true, core: part,
     extended: {...part, verdict: "failed", passed: 2, failing: ["RLY-IDLE-02"]}, lacks: []},
    {name: "push", text: "orders", in_run: false, core: part, extended: part, lacks: []}];
  await onPage({...report, profiles}, async (page) => {
    const rows = await page.getByRole("region", {name: "Profiles"}).locator("tbody tr").allInnerTexts();
    assert.equal(rows.length, 1);
    for (const words of ["relay", "passed (4 of 5)", "failed (1 of 4)", "meet"]) assert.ok(rows[0].includes(words), words);
  });
});

test("what the run did to the target stands there, and what it should not have left", async () => {
  const things = [
    {thing: "device", created: 3, removed: 0, left: 3, names: ["dck3f9aa", "dck3f9bb"], why: "the protocol has no way to remove a device"},
    {thing: "tag", created: 2, removed: 1, left: 1, names: ["dck3f9-tag1 in book"], why: ""},
    {thing: "strategy", created: 1, removed: 1, left: 0, names: [], why: ""}];
  const footprint = {prefix: "dck3f9", created: 6, removed: 2, left: 4, things, notes: ["the books of 'user' could not be read again"]};
  await onPage({...report, footprint}, async (page) => {
    const region = page.getByRole("region", {name: "What the run did to the target"});
    assert.ok((await region.innerText()).includes("Created 6, removed 2, left 4. Names carry dck3f9."));
    const rows = await region.locator("tbody tr").allInnerTexts();
    assert.equal(rows.length, 3);
    for (const words of ["device", "3", "0", "no way to remove a device", "3 names"]) assert.ok(rows[0].includes(words), words);
    assert.ok(rows[1].includes("not the target"));
    assert.ok(!rows[2].includes("left it behind") && !rows[2].includes("name"));
    await region.getByText("3 names").click();
    assert.ok((await region.innerText()).includes("dck3f9aa dck3f9bb ..."));
    assert.ok((await region.getByRole("listitem").innerText()).includes("the books of 'user' could not be read again"));
    assert.ok((await page.locator("#facts").innerText()).includes("reads, creates"));
  });
  await onPage({...report, footprint: {prefix: "dck3f9", created: 0, removed: 0, left: 0, things: [], notes: []}}, async (page) => {
    const region = page.getByRole("region", {name: "What the run did to the target"});
    assert.ok((await region.innerText()).includes("Nothing was created."));
    assert.ok(!(await region.getByRole("table").isVisible()));
  });
  const old = {...report};  // of before there were footprints
  delete old.footprint;
  for (const none of [report, old])
    await onPage(none, async (page) => assert.ok(!(await page.locator("#footprint").isVisible())));
});

test("without JavaScript, too", async () => {
  const things = [{thing: "device", created: 3, removed: 1, left: 2, names: [], why: "it <b>stays</b>"}];
  const footprint = {prefix: "dck3f9", created: 3, removed: 1, left: 2, things, notes: ["no answer"]};
  const {page, close} = await open(pageOf({...report, footprint}, "plain"), {javaScriptEnabled: false});
  const text = await page.locator("body").innerText();
  for (const words of ["What the run did to the target", "dck3f9", "created 3, removed 1, left 2 (it <b>stays</b>)", "no answer"])
    assert.ok(text.includes(words), words);
  await close();
});

for (const [conforms, text, headline, more] of [
  [true, "conforms", "mine 2.1 conforms", /^\d+ requirements checked and fulfilled\.$/],
  [true, "conforms, but 2 SHOULD requirements fail", "mine 2.1 conforms, but 2 SHOULD requirements fail", /./],
  [false, "does not conform, as known: 1 MUST and 0 SHOULD requirements fail",
   "mine 2.1 does not conform, as known", /^1 MUST and 0 SHOULD requirements fail\.$/],
  [null, "no verdict: the run was interrupted", "No verdict on mine 2.1", /^The run was interrupted\.$/],
])
  test(`headline: ${headline}`, async () => {
    const target = {...report.target, name: "mine", version: "2.1"};
    await onPage({...report, target, verdict: {conforms, text}}, async (page) => {
      assert.equal(await page.getByRole("heading", {level: 1}).textContent(), headline);
      assert.match(await page.locator("#verdict-more").textContent(), more);
    });
  });

test("repetitions are told apart", async () => {
  const one = report.cases.find((each) => each.status === "fail");
  const changed = recount({...report, cases: [one, {...one, repetition: 1}, {...one, repetition: 2}]});
  await onPage(changed, async (page) => {
    assert.deepEqual(await page.locator(".case > summary .name").allTextContents(),
                     [one.id, `${one.id}~2`, `${one.id}~3`]);
    await page.evaluate((name) => { location.hash = `#case=${name}`; }, `${one.id}~2`);
    await page.locator(`[data-case="${one.id}~2"] .body`).waitFor();
    assert.equal(await page.locator(".case[open]").count(), 1);
  });
});

test("a run without failures", async () => {
  deskcheck(0, "run", "--virtual-time", "--filter", "RDV-REGPEER-*", "--json", inScratch("good.json"));
  await onPage(readJson(inScratch("good.json")), async (page) => {
    assert.equal(await page.getByRole("heading", {level: 1}).textContent(), "reference server conforms");
    assert.ok(await page.locator("#groups").getByText("Nothing failed.").isVisible());
    await page.locator(".group.pass > summary").click();
    await page.locator(".case > summary").first().click();
    await page.locator(".body").waitFor();
  });
});
