// Runs the benchmarks one after the other and writes what they found. `bench/run` calls this when all it needs is there.

import { writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

import { ROOT, stop } from "../tests/lib.mjs";
import * as cached from "./cached.mjs";
import * as importing from "./import.mjs";
import * as jobs from "./jobs.mjs";
import { tool } from "./load.mjs";
import * as nodes from "./nodes.mjs";
import * as nginx from "./nginx.mjs";
import * as notify from "./notify.mjs";
import * as pace from "./pace.mjs";
import * as publish from "./publish.mjs";
import * as scale from "./scale.mjs";
import { lines, page } from "./report.mjs";
import { OUT, WORK, demo } from "./site.mjs";
import * as start from "./start.mjs";
import * as uncached from "./uncached.mjs";

const sites = (samples, rounds, ...articles) => articles.map((n) => ({ articles: n, reads: 20 * n, samples, rounds }));
const FULL = {
  ...{ rounds: 7, seconds: 10, warm: 3, starts: 9, publications: 20, many: 100_000, few: 10_000, flood: 60, jobs: 10_000 },
  notify: { listeners: 5_000, followers: 100_000, answers: 20, publications: 5 },
  sites: sites(2_000, 15, 10_000, 100_000, 1_000_000),
};
/** To see that the scripts work; the figures say nothing. */
const QUICK = { notify: { listeners: 80, followers: 2_000, answers: 2, publications: 1 }, rounds: 2, seconds: 1, warm: 1, starts: 2, publications: 2, many: 2_000, few: 500, flood: 3, jobs: 200, sites: sites(100, 2, 1_000, 2_000) };
/** Longer than this something hangs, on a machine of the usual pace. */
const MINUTES = 45;

const [demoData, largeData] = [path.join(WORK, "demo"), path.join(WORK, "large")];

/** The site that the import leaves behind, with the demo's added: authors who can sign in, pictures, comments. */
let added;
async function large(size) {
  await (added ??= demo(largeData));
  return { data: largeData, name: `on a site of ${size.many.toLocaleString("en-US")}`, size };
}

const PARTS = {
  start: (size) => start.measure({ demoData, size }),
  cached: (size) => cached.measure({ demoData, size }),
  uncached: (size) => uncached.measure({ data: demoData, name: "on the demo", judged: true, size }),
  publish: (size) => publish.measure({ data: demoData, name: "on the demo", size }),
  jobs: (size) => jobs.measure({ size }),
  notify: (size) => notify.measure({ demoData, size }),
  import: (size) => importing.measure({ data: largeData, size }),
  "uncached-large": async (size) => uncached.measure(await large(size)),
  "publish-large": async (size) => publish.measure(await large(size)),
  nodes: (size) => nodes.measure({ folder: path.join(WORK, "nodes"), demoData, size }),
  scale: (size) => scale.measure({ size }),
};

const { values: options, positionals } = parseArgs({ allowPositionals: true, options: { quick: { type: "boolean", default: false } } });
const asked = positionals.length ? positionals : Object.keys(PARTS);
const unknown = asked.filter((name) => !(name in PARTS));
if (unknown.length) {
  console.error(`no part ${unknown.join(", ")}; there are ${Object.keys(PARTS).join(", ")}`);
  process.exit(2);
}
if (!tool()) {
  console.error("neither wrk nor oha is there to ask with");
  process.exit(1);
}

// Stopped from outside, it would end without a word.
process.on("exit", (code) => code > 1 && console.error(`ended before it was done, by ${code > 128 ? `signal ${code - 128}` : `code ${code}`}`));

// The large site comes out of the import.
const wanted = new Set(asked.some((name) => name.endsWith("-large")) ? [...asked, "import"] : asked);
const size = options.quick ? QUICK : FULL;
const run = { command: ["make bench", ...(options.quick ? ["(quick)"] : []), ...positionals].join(" "), begun: new Date(), busy: os.loadavg()[0] };
const [found, missing] = [[], nginx.version() ? [] : ["nginx is not there (or lacks `gzip_static`): the cached page has no reference"]];

console.log("Measuring the machine");
await pace.measure();
const minutes = Math.ceil(pace.time(MINUTES));
// The handler of this signal ends what was started, and the folder goes with the process.
setTimeout(() => {
  console.error(`not done after ${minutes} minutes: giving up`);
  process.kill(process.pid, "SIGTERM");
}, minutes * 60_000).unref();
console.log("Making the demo's site");
await demo(demoData);
for (const name of Object.keys(PARTS).filter((name) => wanted.has(name))) {
  console.log(`\nMeasuring: ${name}`);
  try {
    await pace.measure();
    const part = await PARTS[name](size);
    console.log(lines(part));
    found.push(part);
  } catch (error) {
    console.error(`${name}: ${error.stack}`);
    missing.push(`${name}: ${error.message.split("\n")[0]}`);
  }
}

// A part of it, or a quick look, is not what the project shows.
const whole = !options.quick && positionals.length === 0;
const file = whole ? path.join(ROOT, "bench", "RESULTS.md") : path.join(OUT, "RESULTS.md");
writeFileSync(file, page(found, missing, run));
console.log(`\nWritten to ${path.relative(ROOT, file)}`);
const missed = found.flatMap(({ rows }) => rows).filter(({ good }) => good === false).length;
if (missed) console.log(`${missed} targets were missed`);
process.exit(missing.length || (whole && missed) ? 1 : 0);
