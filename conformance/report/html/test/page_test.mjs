// What a person sees in the report of a run with forty faults switched on.

import assert from "node:assert/strict";
import fs from "node:fs";
import {test} from "node:test";

import {caseNamed, deskcheck, inScratch, open, openCase, ready, runWithFortyFaults} from "./browser.mjs";

const {report, file} = runWithFortyFaults();
const cases = new Map(report.cases.map((one) => [one.id, one]));
const requirements = new Map(report.requirements.map((one) => [one.id, one]));
const withStatus = (status) => report.cases.filter((one) => one.status === status);
const failed = withStatus("fail");
const shown = (page) => page.getByRole("status").first().textContent();

// Runs `tell` on a page, which must stay silent: no request, no message of the console, no error.
function onPage(name, tell, options = {}) {
  test(name, async () => {
    const opened = await open(file, options);
    try {
      if (options.javaScriptEnabled !== false) await ready(opened.page);
      await tell(opened.page, opened.url);
      assert.deepEqual(opened.trouble, []);
    } finally {
      await opened.close();
    }
  });
}

test("the report is worth reading", () => {
  assert.ok(failed.length >= 25, `${failed.length} failures`);
  assert.ok(withStatus("blocked").length >= 3);
  assert.ok(withStatus("pass").length >= 80);
});

test("a page made later from the JSON report is the same", () => {
  deskcheck(0, "report", inScratch("forty.json"), "--html", inScratch("later.html"));
  assert.ok(fs.readFileSync(file).equals(fs.readFileSync(inScratch("later.html"))));
});

onPage("verdict, totals and facts", async (page) => {
  assert.equal(await page.getByRole("heading", {level: 1}).textContent(),
               "reference server does not conform");
  const [, why] = report.verdict.text.split(": ");
  assert.equal(await page.locator("#verdict-more").textContent(), `${why}.`);
  const totals = await page.getByRole("list", {name: "Cases by status"}).getByRole("listitem").allTextContents();
  const expected = [`${report.cases.length} cases`];
  for (const status of ["not applicable", "pass", "blocked", "fail"]) expected.push(`${withStatus(status).length} ${status}`);
  assert.deepEqual(totals, expected);
  const facts = await page.locator("#facts").innerText();
  for (const fact of ["Seed", "7", "virtual", report.deskcheck, report.date.slice(0, 10)])
    assert.ok(facts.includes(fact), fact);
});

onPage("areas and levels with their counts", async (page) => {
  const table = page.locator("#areas");
  const columns = await table.getByRole("columnheader").allTextContents();
  const rows = {};
  for (const row of await table.getByRole("row").all()) {
    const cells = await row.getByRole("cell").allTextContents();
    const name = await row.getByRole("rowheader").allTextContents();
    if (name.length) rows[name[0]] = cells.slice(1).map((text) => (text === "–" ? 0 : Number(text)));
  }
  assert.deepEqual(columns, ["Area", "all", "pass", "fail", "blocked", "not applicable"]);
  const count = (list) => [list.length, ...["pass", "fail", "blocked", "not applicable"].map(
      (status) => list.filter((r) => r.status === status).length)];
  const expected = {};
  for (const {area} of report.requirements)
    expected[area] = count(report.requirements.filter((r) => r.area === area));
  for (const level of ["MUST", "SHOULD", "MAY"])
    expected[level] = count(report.requirements.filter((r) => r.level === level));
  assert.deepEqual(rows, expected);
});

onPage("every case stands in its group, passes are folded", async (page) => {
  for (const [title, status] of [["Failures", "fail"], ["Blocked", "blocked"],
                                 ["Not applicable", "not applicable"], ["Passes", "pass"]]) {
    const group = page.locator(".group", {has: page.getByRole("heading", {name: title})});
    assert.equal(await group.locator("> summary .count").textContent(), `${withStatus(status).length}`);
    const names = await group.locator(".case > summary .name").allTextContents();
    assert.deepEqual(names.sort(), withStatus(status).map((one) => one.id).sort());
    assert.equal(await group.evaluate((node) => node.open), ["fail", "blocked"].includes(status));
  }
});

onPage("filters, and the address that keeps them", async (page) => {
  await page.getByRole("checkbox", {name: /^fail/}).check({force: true});
  assert.equal(await shown(page), `${failed.length} of ${report.cases.length} cases.`);
  assert.ok(page.url().endsWith("#status=fail"));
  await page.getByRole("checkbox", {name: "SHOULD"}).check({force: true});
  const troubled = (one) => one.checks.filter((check) => check.status !== "pass");
  const should = failed.filter((one) => troubled(one).some(
      (check) => requirements.get(check.requirement).level === "SHOULD"));
  assert.equal(await shown(page), `${should.length} of ${report.cases.length} cases.`);
  const names = () => page.locator(".case:visible > summary .name").allTextContents();
  assert.deepEqual((await names()).sort(), should.map((one) => one.id).sort());

  await page.getByRole("button", {name: "Clear"}).click();
  assert.equal(await shown(page), `All ${report.cases.length} cases.`);
  await page.getByRole("combobox", {name: "Area"}).selectOption("relay/pairing");
  await page.getByRole("searchbox", {name: "Text"}).fill("many-PAIRS");
  assert.deepEqual(await names(), ["relay/pairing/many-pairs"]);
  await page.reload();
  await ready(page);
  assert.deepEqual(await names(), ["relay/pairing/many-pairs"]);
  assert.equal(await page.getByRole("searchbox").inputValue(), "many-PAIRS");
  await page.getByRole("searchbox").fill("nothing has this text");
  assert.equal(await shown(page), `0 of ${report.cases.length} cases.`);
});

onPage("an area's row shows its cases", async (page) => {
  await page.getByRole("button", {name: "RegisterPk/UDP"}).click();
  assert.equal(await page.getByRole("combobox", {name: "Area"}).inputValue(), "RegisterPk/UDP");
  const names = await page.locator(".case:visible > summary .name").allTextContents();
  assert.ok(names.includes("rendezvous/register-pk/foreign-uuid"));
  assert.ok(!names.includes("relay/pairing/many-pairs"));
});

onPage("a link to a case opens it", async (page, url) => {
  const id = "rendezvous/register-pk/foreign-uuid";
  assert.ok(await caseNamed(page, id).locator(".body").isVisible());
  assert.equal(await page.locator(".case[open]").count(), 1);
  await page.evaluate(() => { location.hash = "#case=framing/plain"; });
  await caseNamed(page, "framing/plain").locator(".body").waitFor();
  await caseNamed(page, "framing/plain").locator("> summary").click();
  assert.equal(page.url(), `${url}#`);
}, {hash: "#case=rendezvous/register-pk/foreign-uuid"});

onPage("every failure tells all that the report knows", async (page) => {
  const gone = (text) => text.replaceAll(/\s+/g, " ");
  for (const one of report.cases.filter((each) => !["pass", "not applicable"].includes(each.status))) {
    const node = await openCase(page, one.id);
    const text = gone(await node.locator(".body").textContent());
    const wanted = [one.why, one.reproduce];
    for (const check of one.checks.filter((each) => each.status === "fail")) {
      const {level, text: says, harm, evidence, guide} = requirements.get(check.requirement);
      wanted.push(check.requirement, level, says, harm, evidence, guide, check.expected, check.actual);
    }
    for (const event of one.conversation.events) wanted.push(event.text);
    for (const words of wanted) assert.ok(text.includes(gone(words)), `${one.id}: ${words}`);
    if (one.status === "fail") assert.ok(text.includes("To blame: the server under test"), one.id);
    await node.locator("> summary").click();  // a hundred open ones would make a slow page
  }
});

onPage("the conversation as a diagram", async (page) => {
  const id = "relay-response/values";
  const {events, servers} = cases.get(id).conversation;
  const node = await openCase(page, id);
  const lines = node.getByRole("group", {name: `Sequence diagram of ${events.length} events`});
  const marks = await lines.getByRole("button").all();
  assert.equal(marks.length, events.length);
  const heads = await node.getByRole("group", {name: "Lifelines"}).textContent();
  for (const {party} of events) assert.ok(heads.includes(party), `${party} in ${heads}`);
  assert.ok(heads.includes(servers[0].name) && heads.includes(servers[0].address));
  for (const [index, event] of events.entries()) {
    const text = await marks[index].textContent();
    assert.ok(text.startsWith(`${event.at_seconds.toFixed(3)} s`), text);
    if (event.message) assert.ok(text.includes(event.message) && text.includes(event.transport), text);
    assert.ok((await marks[index].getAttribute("aria-label")).includes(event.text));
  }
  const details = node.getByRole("complementary");
  const index = events.findIndex((event) => event.message === "register_pk");
  await marks[index].click();
  assert.equal(await details.getByRole("heading").textContent(), "register_pk");
  for (const {name, value} of events[index].fields)
    assert.ok((await details.innerText()).includes(name) && (await details.innerText()).includes(value));
  await page.keyboard.press("ArrowDown");
  assert.equal(await details.getByRole("heading").textContent(), events[index + 1].message);
  await page.keyboard.press("End");
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-label")),
               await marks.at(-1).getAttribute("aria-label"));
  await marks[index + 2].hover();
  assert.equal(await details.getByRole("heading").textContent(), events[index + 2].message);
  await marks[index].hover();
  assert.equal(await details.getByRole("heading").textContent(), "register_pk");
});

onPage("of many parties those of a kind share a lifeline", async (page) => {
  const node = await openCase(page, "rendezvous/register-pk/foreign-uuid");
  const heads = await node.getByRole("group", {name: "Lifelines"}).locator(".head").allTextContents();
  assert.equal(heads.length, 3);
  assert.equal(heads[0], "8 devices");
  assert.equal(heads[2], "4 controllers");
  assert.ok((await node.locator(".event").allTextContents()).some((text) => text.includes("device 2: register_pk")));
});

onPage("the reproduce line is copied", async (page) => {
  const id = failed[0].id;
  const node = await openCase(page, id);
  await node.getByRole("button", {name: "Copy the command"}).click();
  await node.getByText("Copied", {exact: true}).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), cases.get(id).reproduce);
}, {permissions: ["clipboard-read", "clipboard-write"]});

onPage("everything works from the keyboard", async (page) => {
  const focused = (what) => page.evaluate(what);
  await page.keyboard.press("/");
  assert.equal(await focused(() => document.activeElement.id), "filter-text");
  await page.keyboard.type("pk");
  await page.keyboard.press("Tab");
  assert.equal(await focused(() => document.activeElement.textContent), "Clear");
  await page.keyboard.press("n");
  await page.keyboard.press("n");
  await page.keyboard.press("p");
  const name = await focused(() => document.activeElement.parentElement.dataset.case);
  assert.equal(name, await page.locator(".case:visible > summary .name").first().textContent());
  await page.keyboard.press("Enter");
  await caseNamed(page, name).locator(".body").waitFor();
  await page.keyboard.press("Tab");
  assert.equal(await focused(() => document.activeElement.getAttribute("role")), "button");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");  // the conversation as text
  await caseNamed(page, name).locator(".transcript ol").waitFor();
});

// Of every element with text of its own: that, and its contrast if that is too low. WCAG 2, 1.4.3.
function lowContrasts() {
  const channel = (c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data;
  };
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const behind = (node) => {
    for (let one = node; one; one = one.parentElement) {
      const colour = rgba(getComputedStyle(one).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return rgba("Canvas");
  };
  const bad = [];
  for (const node of document.querySelectorAll("#page *:not(svg *, :disabled, option)")) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
    if (!own || !node.checkVisibility()) continue;
    const [a, b] = [light(rgba(getComputedStyle(node).color)), light(behind(node))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) bad.push(`${node.className || node.tagName} ${node.textContent.slice(0, 30)} ${ratio.toFixed(1)}`);
  }
  return [...new Set(bad)];
}

for (const colorScheme of ["light", "dark"])
  onPage(`${colorScheme}: text is readable, controls have names`, async (page) => {
    await openCase(page, failed[0].id);
    assert.deepEqual(await page.evaluate(lowContrasts), []);
    const nameless = await page.evaluate(() =>
        [...document.querySelectorAll("#page :is(button, input, select, [role=button], summary)")]
            .filter((node) => !(node.textContent.trim() || node.ariaLabel || node.labels?.length))
            .map((node) => node.outerHTML));
    assert.deepEqual(nameless, []);
  }, {colorScheme});

onPage("a narrow screen scrolls only up and down", async (page) => {
  await openCase(page, failed[0].id);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
}, {viewport: {width: 400, height: 800}});

onPage("printed, the failures are open", async (page) => {
  await page.pdf();
  const closed = await page.locator(".group.fail .case:not([open])").count();
  assert.equal(closed, 0);
  await page.emulateMedia({media: "print"});
  assert.ok(!(await page.getByRole("search").isVisible()));
  assert.ok(await page.getByRole("heading", {level: 1}).isVisible());
});

onPage("without JavaScript there are verdict and failures", async (page) => {
  const text = await page.locator("body").innerText();
  assert.ok(text.includes(`reference server: ${report.verdict.text}`));
  for (const one of failed) {
    assert.ok(text.includes(`fail: ${one.id}`), one.id);
    const check = one.checks.find((each) => each.status === "fail");
    assert.ok(text.includes(requirements.get(check.requirement).text), one.id);
  }
  assert.ok(!(await page.locator("#page").isVisible()));
}, {javaScriptEnabled: false});
