// All tests: `make test`.
//
//   node tests/run.mjs [rust] [browser] [hostile]      all, where none is named
//
// Needs no root. PostgreSQL and Chromium are the system's where it has them, else those that npm carries; what cannot be had is
// left out, and said at the end with the way to include it. STRICT=1 makes what is left out a failure.

import { existsSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import readline from "node:readline";
import { finished } from "node:stream/promises";

import { BYLINE, E2E, ROOT, run, start, works } from "./lib.mjs";
import * as browser from "./e2e/browser.mjs";
import * as postgres from "./postgres.mjs";
import * as s3 from "./s3.mjs";

const RUNNER = path.join(E2E, "node_modules", "@playwright", "test", "cli.js");

const results = [];
const leftOut = (what, how) => results.push({ state: "left out", what, how });

/** A line by which one of our runners says that a test failed. */
const FAILURE = /^test .* FAILED$|panicked at|^\s+\d+\) .*\.spec\.mjs|^FAILED|^error(\[|:)/;

/** Runs a program; it has passed if it ends with 0. What failed in a log of thousands of lines is said once more at its end. */
async function part(what, program, args, options) {
  const begun = Date.now();
  const failures = [];
  console.log(`\n== ${what}`);
  // Somebody at a terminal sees it as it goes, in colours.
  const piped = !process.stdout.isTTY;
  const child = start(program, args, { stdio: piped ? ["inherit", "pipe", "pipe"] : "inherit", ...options });
  const outputs = piped ? [[child.stdout, process.stdout], [child.stderr, process.stderr]] : [];
  for (const [from, to] of outputs) {
    from.pipe(to, { end: false });
    readline.createInterface({ input: from }).on("line", (line) => {
      if (FAILURE.test(line) && failures.length < 40) failures.push(line.trim().slice(0, 200));
    });
  }
  // What it said last may still be on its way when it has ended.
  await Promise.allSettled(outputs.map(([from]) => finished(from)));
  const { code, error } = await child.ended;
  if (error) console.error(`${program}: ${error.message}`);
  results.push({ state: code === 0 ? "passed" : "FAILED", what, seconds: Math.round((Date.now() - begun) / 1000), failures });
  return code === 0;
}

/** npm's packages; PostgreSQL and Chromium (120 MB) only where the system lacks one. Scripts of packages are not run. */
async function packages() {
  const spare = !browser.installed() || !(process.env.BYLINE_TEST_POSTGRES || postgres.canStart());
  const stamp = path.join(E2E, "node_modules", ".package-lock.json");
  const fresh = existsSync(stamp) && statSync(stamp).mtimeMs > statSync(path.join(E2E, "package-lock.json")).mtimeMs;
  if (fresh && (!spare || existsSync(path.join(E2E, "node_modules", "@sparticuz")))) return true;
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", ...(spare ? [] : ["--omit=optional"])];
  return part("packages of the journeys (npm ci)", "npm", args, { cwd: E2E });
}

async function rust() {
  const named = process.env.BYLINE_TEST_POSTGRES;
  const server = named ? null : await postgres.startPostgres();
  const env = { ...process.env, ...(server ? { BYLINE_TEST_POSTGRES: server.url } : {}) };
  const stores = server ? `SQLite and PostgreSQL ${server.version}` : named ? "SQLite and PostgreSQL" : "SQLite";
  if (stores === "SQLite") {
    leftOut("the stores on PostgreSQL", "install PostgreSQL, or let BYLINE_TEST_POSTGRES name a server (postgres://user:password@host/database)");
  }
  if (wants("browser")) s3Server();
  // They wait for databases, files and clocks more than they compute.
  env.RUST_TEST_THREADS ??= String(2 * os.availableParallelism());
  try {
    // Without documentation tests: there are none, and asking each crate for them takes minutes.
    const args = ["test", "--workspace", "--no-fail-fast", "--lib", "--bins", "--tests"];
    await part(`cargo ${args.slice(0, 2).join(" ")}, stores on ${stores}`, "cargo", args, { env });
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

let s3Built;
/** The S3 server of the journeys on two nodes: built while the Rust tests wait, where there are some. */
function s3Server() {
  if (!postgres.isThere()) return undefined;
  s3Built ??= s3.canStart() || part("an S3 server for the tests", path.join(ROOT, "tests", "install-s3.sh"), ["--debug"]);
  return s3Built;
}

async function journeys() {
  if (!(await program())) return;
  if (!existsSync(RUNNER) || !(await browser.launchOptions())) {
    return leftOut("the journeys in a browser", "install Chromium (or name one by CHROMIUM), and let npm reach its registry once");
  }
  if (!works("python3", "-c", "import sqlite3")) leftOut("the journeys of signing in once more", "install Python 3");
  if (!works("java", "-version")) leftOut("the Nu HTML checker", "install a Java runtime, version 17 or newer");
  const runs = [["journeys in a browser", {}]];
  if (!postgres.isThere()) leftOut("the journeys on two nodes", "install PostgreSQL");
  else if (!(await s3Server())) {
    leftOut("the journeys on two nodes", "let cargo reach its registry once");
  } else {
    // Every page is looked at once: by one node's the same is drawn, and it takes half of the time.
    runs[0][1].E2E_EVERY_PAGE = "no";
    runs.push(["journeys on two nodes", { E2E_NODES: "2" }]);
  }
  for (const [what, env] of runs) await part(what, process.execPath, [RUNNER, "test"], { cwd: E2E, env: { ...process.env, ...env } });
}

/** A running site under attack, while another client reads. Needs /proc to see how much memory the site takes. */
async function hostile() {
  if (!existsSync("/proc/self/status")) return leftOut("a site under attack", "run it on Linux");
  if (!(await program())) return;
  await part("a site under attack", process.execPath, [path.join(ROOT, "tests", "hostile.mjs")]);
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !["rust", "browser", "hostile"].includes(name));
if (unknown.length) {
  console.error(`no part ${unknown.join(", ")}; there are rust, browser and hostile`);
  process.exit(2);
}
const wants = (name) => asked.length === 0 || asked.includes(name);

if (wants("rust")) await part("circles of files", process.execPath, [path.join(ROOT, "tests", "circles.mjs")]);
if (wants("rust") || wants("browser")) await packages();
if (wants("rust")) await rust();
if (wants("browser")) await journeys();
if (wants("hostile")) await hostile();

console.log("\n== Tests");
for (const { state, what, how, seconds, failures } of results) {
  console.log(`${state.padEnd(8)}  ${what}${seconds === undefined ? "" : ` (${seconds} s)`}${how ? `\n          To include it: ${how}.` : ""}`);
  if (state === "FAILED") failures?.forEach((line) => console.log(`          ${line}`));
}
const bad = results.filter(({ state }) => state === "FAILED" || (process.env.STRICT === "1" && state === "left out"));
process.exit(bad.length ? 1 : 0);
