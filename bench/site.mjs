// Byline as the benchmarks run it: in a folder of its own, on the loopback interface, with the settings it comes with.

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import path from "node:path";

import { ROOT, freePort, start, stop, sleep, until } from "../tests/lib.mjs";

export const OUT = path.join(ROOT, "bench", "out");
mkdirSync(OUT, { recursive: true });

/** Of this run alone; gone when it ends, however it ends. */
export const WORK = mkdtempSync(path.join(OUT, "work-"));
const children = new Set();
process.on("exit", () => {
  for (const child of children) if (!child.end) child.kill("SIGKILL");
  rmSync(WORK, { recursive: true, force: true });
});

/** Starts a program that does not outlive this one, whatever goes wrong. */
export function begin(program, args, options) {
  const child = start(program, args, options);
  children.add(child);
  child.ended.then(() => children.delete(child));
  return child;
}

// Not BYLINE_…: the server takes those for settings.
export const BYLINE = path.resolve(process.env.BENCH_BYLINE ?? path.join(process.env.CARGO_TARGET_DIR ?? path.join(ROOT, "target"), "release", "byline"));

const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("BYLINE_")));

/** A copy of a site's folder, to change at will. */
export function copy(data) {
  const folder = mkdtempSync(path.join(WORK, "copy-"));
  cpSync(data, folder, { recursive: true });
  return folder;
}

/** Starts `byline …`; `child.out` and the end of `child.err` hold what it says. */
export function byline(...args) {
  const child = begin(BYLINE, args, { cwd: WORK, env, stdio: ["ignore", "pipe", "pipe"] });
  child.out = child.err = "";
  child.stdout.on("data", (chunk) => (child.out += chunk));
  child.stderr.on("data", (chunk) => (child.err = (child.err + chunk).slice(-4000)));
  return child;
}

/** Its end, which must be good and come within `seconds`. */
export async function done(child, seconds) {
  const late = setTimeout(() => stop(child, "SIGKILL"), seconds * 1000);
  const { code, error } = await child.ended;
  clearTimeout(late);
  if (code !== 0) throw new Error(`${child.spawnargs.slice(0, 3).join(" ")} ended with ${code}: ${error?.message ?? child.err.trim()}`);
  return child.out;
}

// A connection each client keeps, as readers' browsers do.
const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });

/** One GET: `{ status, headers, body }`, the body as it came over the wire. */
export function get(url, headers = {}) {
  return new Promise((resolve, reject) => {
    const request = http.get(url, { agent, headers, timeout: 30_000 }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("error", reject);
      answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }));
    });
    request.on("timeout", () => request.destroy(new Error("no answer within 30 s")));
    request.on("error", reject);
  });
}

/**
 * Serves the site in folder `data`, with `settings` beside those it comes with. Gives its address, its process, and `firstAnswer`: the
 * milliseconds from starting the program to the first good answer on `/`.
 */
export async function serve(data, settings = {}) {
  const { url, config } = await configure({ review: false, ...settings });
  const begun = performance.now();
  const child = byline("serve", "--config", config, "--data", data);
  for (;;) {
    const status = await get(`${url}/`).then((answer) => answer.status, () => 0);
    if (status === 200) break;
    if (child.end) throw new Error(`the server ended: ${child.err.trim()}`);
    if (performance.now() - begun > 120_000) throw new Error(`the server does not answer on /: ${child.err.trim()}`);
    await sleep(1);
  }
  return { url, config, child, firstAnswer: performance.now() - begun, stop: () => stop(child) };
}

/** A configuration file with `settings` and an address of its own. */
async function configure(settings) {
  const port = await freePort();
  const config = path.join(WORK, `byline-${port}.toml`);
  const lines = Object.entries({ listen: `127.0.0.1:${port}`, ...settings });
  writeFileSync(config, lines.map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`).join(""));
  return { url: `http://127.0.0.1:${port}`, config };
}

/** Fills folder `data`, or where `settings` say, with the demo's site, beside what is there. */
export async function demo(data, settings = {}) {
  const { url, config } = await configure({ data, ...settings });
  const child = byline("demo", "--config", config);
  await until("the demo is ready", () => {
    if (child.end) throw new Error(`it ended: ${child.err.trim()}`);
    return get(`${url}/readyz`).then((answer) => answer.status === 200);
  }, 300);
  // Until the index is there, pages are made without it, and are not those that are measured later.
  await until("the demo can be searched", async () => JSON.parse((await get(`${url}/api/v1/search?q=harbour`)).body).items.length > 0, 60);
  await stop(child);
}

/** The newest articles of a site, at most `count`: `{ id, title, … }` as the API shows them. */
export async function newest(url, count) {
  const found = [];
  for (let next = ""; next !== null && found.length < count; ) {
    const answer = await get(`${url}/api/v1/articles?limit=100${next && `&cursor=${encodeURIComponent(next)}`}`);
    if (answer.status !== 200) throw new Error(`the list of articles: ${answer.status}`);
    const page = JSON.parse(answer.body);
    found.push(...page.items);
    next = page.next;
  }
  return found.slice(0, count);
}

/** What a process holds in memory now and at most until now, in MiB; `own` is what no file on disk backs. Null once it has ended. */
export function memory(child) {
  try {
    const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
    const of = (name) => Number(status.match(new RegExp(`^${name}:\\s+(\\d+) kB`, "m"))[1]) / 1024;
    return { now: of("VmRSS"), most: of("VmHWM"), own: of("RssAnon") };
  } catch {
    return null;
  }
}
