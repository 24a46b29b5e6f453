// A server may answer anything. Whatever its texts are, the page shows them as text: nothing in them
// becomes an element, runs, or leaves the page, even where no Content-Security-Policy holds it back.

import assert from "node:assert/strict";
import {test} from "node:test";

import {deskcheck, inScratch, open, pageOf, readJson, ready} from "./browser.mjs";

const kHostile = [
  "<script>window.owned = 1</script>",
  "</script><img src=x onerror='window.owned = 2'>",
  "<!-- <script> --><svg onload=window.owned=3>",
  "\"'><iframe src='javascript:parent.owned=4'></iframe>",
  "{{report}} {{script}} ]]> &lt;b&gt; &#60;",
  "</title></style></textarea></noscript><object data=x></object>",
  "<a href='https://attacker.example/'>",
];
const kTurned = "safe\u202e\u0000\u001b[31m\u2028end";

deskcheck(1, "run", "--virtual-time", "--seed", "7", "--filter", "RDV-REGPEER-*", "--fault",
          "forgets-request-pk", "--json", inScratch("small.json"));

// The same value with `text` added to every text that is not one of a fixed set.
function poisoned(value, text) {
  const kFixed = ["format", "status", "what", "transport", "protocol", "level", "world", "date",
                  "requirement", "remote", "local", "address"];
  if (Array.isArray(value)) return value.map((one) => poisoned(one, text));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [
    key,
    typeof one === "string" ? (kFixed.includes(key) || (key === "id" && value.level) ? one : one + text)
                            : poisoned(one, text)]));
}

// Opens what can be opened, points at all that can be pointed at.
async function touchEverything(page) {
  await page.evaluate(() => {
    for (const one of document.querySelectorAll("details")) one.open = true;
  });
  await page.locator(".case .body").first().waitFor();
  await page.evaluate(() => {
    for (const one of document.querySelectorAll("details")) one.open = true;
    for (const one of document.querySelectorAll(".event")) one.dispatchEvent(new Event("click"));
  });
}

const report = readJson(inScratch("small.json"));
report.footprint = {prefix: "dck3f9", created: 1, removed: 0, left: 1, notes: ["a note"],
                    things: [{thing: "tag", created: 1, removed: 0, left: 1, names: ["a name"], why: "a reason"}]};

for (const bypassCSP of [false, true])
  for (const [index, text] of kHostile.entries())
    test(`stays text, ${bypassCSP ? "without" : "with"} policy: ${text}`, async () => {
      const file = pageOf(poisoned(report, text), `hostile-${index}`);
      const hash = `#q=${encodeURIComponent(text.slice(0, 8))}&area=${encodeURIComponent(text)}`;
      const {page, trouble, close} = await open(file, {bypassCSP, hash: index % 2 ? "" : hash});
      await ready(page);
      await page.getByRole("searchbox").fill("");
      await touchEverything(page);
      assert.equal(await page.evaluate(() => window.owned), undefined);
      const alien = "img, iframe, object, embed, a, base, form:not(#filters), #page script, #page style, svg [onload]";
      assert.equal(await page.locator(alien).count(), 0);
      assert.equal(await page.locator("script").count(), 3);
      const seen = await page.locator("#page").innerText();
      assert.ok(seen.includes(text), "is shown as it is");
      assert.ok((await page.locator(".event").first().getAttribute("aria-label")).includes(text));
      assert.ok((await page.title()).includes(text));
      assert.deepEqual(trouble, []);
      await close();
    });

test("characters that turn or hide text are shown", async () => {
  const {page, trouble, close} = await open(pageOf(poisoned(report, kTurned), "turned"));
  await ready(page);
  await touchEverything(page);
  const seen = await page.locator("#page").textContent();
  assert.ok(seen.includes("safe\\u{202e}\\u{0}\\u{1b}[31m\\u{2028}end"));
  assert.ok(!/[\u202e\u0000\u001b\u2028]/.test(seen));
  assert.deepEqual(trouble, []);
  await close();
});

test("names that objects of JavaScript have by birth", async () => {
  const odd = structuredClone(report);
  odd.cases[0].id = "__proto__";
  odd.cases[1].id = odd.cases[2].id = "constructor";
  odd.cases[2].status = "green";
  odd.requirements[0].area = "__proto__";
  const {page, trouble, close} = await open(pageOf(odd, "odd"), {hash: "#case=__proto__&status=toString"});
  await ready(page);
  assert.equal(await page.locator(".case[open] > summary .name").textContent(), "__proto__");
  assert.deepEqual(trouble, []);
  await close();
});

test("a damaged report shows what can be shown", async () => {
  const {page, trouble, close} = await open(pageOf({...report, cases: [...report.cases, "no case"]}, "damaged"));
  await page.locator("#basics").waitFor();
  const text = await page.locator("body").innerText();
  assert.ok(text.includes(report.verdict.text));
  for (const one of report.cases.filter((each) => each.status === "fail")) assert.ok(text.includes(one.id));
  assert.equal(trouble.length, 1, "the error is told in the console");
  await close();
});

test("the policy forbids everything but the page's own script and style", async () => {
  const {page, trouble, close} = await open(pageOf(report, "policy"));
  await ready(page);
  const policy = await page.locator("meta[http-equiv]").getAttribute("content");
  assert.match(policy, /^default-src 'none'; script-src 'sha256-[^' ]+'; style-src 'sha256-[^' ]+'; img-src data:;/);
  assert.ok(!/unsafe|\*|http/.test(policy));
  const ran = await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.owned = 1";
    document.body.append(script);
    return window.owned;
  });
  assert.equal(ran, undefined);
  assert.equal(trouble.length, 1, "the browser tells that it refused the script");
  await close();
});
