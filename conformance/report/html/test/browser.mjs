// A headless Chromium and the executable under test, for the tests of the report page:
//
//   node page_test.mjs DESKCHECK MODULES
//
// MODULES is the folder in which ci/setup.sh has installed playwright-core (package.json here).

import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import fs from "node:fs";
import {createRequire} from "node:module";
import os from "node:os";
import path from "node:path";
import {after} from "node:test";
import {pathToFileURL} from "node:url";

const [executable, modules] = process.argv.slice(2);
if (!executable || !modules) fail("usage: node TEST.mjs DESKCHECK MODULES");

export const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "deskcheck-page-"));
after(() => fs.rmSync(scratch, {recursive: true, force: true}));

function fail(text) {
  console.error(`report page test: ${text}`);
  process.exit(1);
}

// The finished command; it has to end with `code`.
export function deskcheck(code, ...args) {
  const done = spawnSync(executable, args, {encoding: "utf8", maxBuffer: 1 << 28, timeout: 120_000});
  assert.equal(done.status, code, `deskcheck ${args[0]}: ${done.stderr}${done.error || ""}`);
  return done;
}

export function inScratch(name) {
  return path.join(scratch, name);
}

export function readJson(file) {
  return JSON.parse(fs.readFileSync(file, "utf8"));
}

// The page of a report that the test has made.
export function pageOf(report, name) {
  fs.writeFileSync(inScratch(`${name}.json`), JSON.stringify(report));
  deskcheck(0, "report", inScratch(`${name}.json`), "--html", inScratch(`${name}.html`));
  return inScratch(`${name}.html`);
}

// The report of a run with forty faults switched on, and its page.
export function runWithFortyFaults() {
  const faults = fs.readFileSync(new URL("forty-faults.txt", import.meta.url), "utf8").trim().split("\n");
  assert.equal(new Set(faults).size, 40);
  deskcheck(1, "run", "--virtual-time", "--seed", "7", "--fault", faults.join(","),
            "--json", inScratch("forty.json"), "--html", inScratch("forty.html"));
  return {report: readJson(inScratch("forty.json")), file: inScratch("forty.html")};
}

function findChromium() {
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const wanted = process.env.DESKCHECK_CHROMIUM;
  const files = wanted ? [wanted]
      : names.flatMap((name) => process.env.PATH.split(":").map((folder) => path.join(folder, name)));
  return files.find((file) => fs.existsSync(file)) ||
         fail(`no Chromium on the PATH (${names.join(", ")}); ci/setup.sh installs it`);
}

function loadPlaywright() {
  try {
    return createRequire(path.resolve(modules, "package.json"))("playwright-core");
  } catch (error) {
    return fail(`no playwright-core in ${modules} (${error.code}); ci/setup.sh installs it`);
  }
}

let browser = null;
after(() => browser && browser.close());

// A page on `file`, and everything that it asked for or complained about beside itself.
export async function open(file, {hash = "", ...options} = {}) {
  browser ||= await loadPlaywright().chromium.launch({
    executablePath: findChromium(), chromiumSandbox: process.getuid() !== 0,
    args: ["--disable-dev-shm-usage"]});
  const context = await browser.newContext({viewport: {width: 1280, height: 900}, ...options});
  context.setDefaultTimeout(120_000);  // of a busy machine
  const page = await context.newPage();
  const url = pathToFileURL(file).href;
  const trouble = [];
  page.on("request", (request) => {
    if (request.url().split("#")[0] !== url) trouble.push(`request: ${request.url()}`);
  });
  page.on("console", (message) => trouble.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => trouble.push(`error: ${error.message}`));
  await page.goto(url + hash);
  return {page, trouble, url, close: () => context.close()};
}

export async function ready(page) {
  await page.waitForSelector("html[data-ready]", {timeout: 60_000, state: "attached"});
}

// The case with this id, closed or open.
export function caseNamed(page, id) {
  return page.locator(`details.case[data-case="${id}"]`);
}

export async function openCase(page, id) {
  const one = caseNamed(page, id);
  if ((await one.getAttribute("open")) === null) await one.locator("> summary").click();
  await one.locator(".body").waitFor();
  return one;
}
