// Asking as fast as answers come: wrk where it is, else oha. Both keep a number of connections open and ask again on each as soon as
// it was answered, so what they find is how much work an answer is, for the server and for the one who asks.

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import { stop } from "../tests/lib.mjs";
import { OUT, begin } from "./site.mjs";

const LUA = new URL("load.lua", import.meta.url).pathname;
const OHA = path.join(OUT, "tools", "bin", "oha");
// Asked for its version alone, wrk says that it lacks an address, and fails.
const TOOL = !spawnSync("wrk", ["-v"]).error ? "wrk" : existsSync(OHA) ? "oha" : null;
const THREADS = Math.min(os.availableParallelism(), 4);
export const CONNECTIONS = 64;

/** As a browser asks. A bare program would be no reader, and not be counted as one. */
export const BROWSER = {
  "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
  "Accept-Language": "en",
  // Who goes to a page asks for one; what only fetches an address is no reader either.
  Accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
};

/** Which tool there is, in words. */
export const tool = () => TOOL && `${TOOL}, ${THREADS} threads, ${CONNECTIONS} connections kept alive`;

/** What a program that must end within `seconds` writes to standard output. */
async function output(program, args, seconds) {
  const child = begin(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (chunk) => (text += chunk));
  const late = setTimeout(() => stop(child, "SIGKILL"), seconds * 1000);
  const { code, error } = await child.ended;
  clearTimeout(late);
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${error?.message ?? text.slice(-500)}`);
  return text;
}

async function wrk(url, file, headers, seconds) {
  const args = ["-t", THREADS, "-c", CONNECTIONS, "-d", `${seconds}s`, "--timeout", "10s", "-s", LUA, ...headers, url, "--", file];
  const text = await output("wrk", args.map(String), seconds + 30);
  const found = JSON.parse(text.match(/^RESULT (.*)$/m)[1]);
  return {
    perSecond: found.requests / (found.us / 1e6),
    p50: found.p50 / 1000,
    p99: found.p99 / 1000,
    size: found.bytes / found.requests,
    failed: found.refused + found.broken,
  };
}

async function oha(file, headers, seconds) {
  const args = ["--no-tui", "--output-format", "json", "-z", `${seconds}s`, "-c", CONNECTIONS, ...headers, "--urls-from-file", file];
  const found = JSON.parse(await output(OHA, args.map(String), seconds + 30));
  const answers = Object.entries(found.statusCodeDistribution);
  // What is under way when time is up is no failure.
  const broken = Object.entries(found.errorDistribution).filter(([what]) => !what.includes("deadline"));
  const count = (pairs) => pairs.reduce((sum, [, n]) => sum + n, 0);
  return {
    perSecond: count(answers) / found.summary.total,
    p50: found.latencyPercentiles.p50 * 1000,
    p99: found.latencyPercentiles.p99 * 1000,
    size: found.summary.sizePerRequest,
    failed: count(answers.filter(([status]) => status !== "200")) + count(broken),
  };
}

/**
 * Asks `url` for `addresses` in turn, for `seconds`. Gives answers a second, the median and 99th percentile of their time in
 * milliseconds, and the bytes of one (wrk: with its headers). An answer that is not the page is an error: a fast refusal is no speed.
 */
export async function load(url, addresses, seconds, headers = {}) {
  const folder = mkdtempSync(path.join(OUT, "load-"));
  try {
    const file = path.join(folder, "addresses");
    writeFileSync(file, addresses.map((address) => `${TOOL === "oha" ? url : ""}${address}\n`).join(""));
    const asked = Object.entries({ ...BROWSER, ...headers }).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
    const found = TOOL === "oha" ? await oha(file, asked, seconds) : await wrk(url, file, asked, seconds);
    if (found.failed || !found.perSecond) throw new Error(found.failed ? `${found.failed} answers were errors` : `no answer within ${seconds} s`);
    return found;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
