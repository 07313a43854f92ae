// How fast the machine is, now: by work that is bound by the processor as drawing pages, indexing and importing are, on all cores at once. Targets
// that are times were set on a machine on which it goes at a known pace; on another, or in another hour, they move with it, so that a target says
// something of Byline and not of the machine.
//
// nginx is no measure of that: what it does is bound by system calls. On one machine in one day it gave 73,000 answers a second while 992 pages a
// second were drawn, and 88,000 while the same program drew 867.
//
//   node bench/pace.mjs      prints the pace, five times

import { fileURLToPath } from "node:url";
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";
import os from "node:os";
import { gzipSync } from "node:zlib";

import { median } from "./figures.mjs";
import { articles } from "./generate.mjs";

/** MiB of text a second that all cores compress on the machine for which targets were set: there, nginx gave 100,000 answers a second (`nginx.mjs`, a
 * page of 14 KB), and where both were measured in turn, that went with this (the median of twelve pairs, 85 to 111). */
const USUAL = 94;
/** Articles whose texts are compressed: some 300 KB, so that no core's cache has it all. */
const TEXTS = 250;
const HERE = fileURLToPath(import.meta.url);

let slower = 1;
const found = [];

/** A target in seconds or milliseconds, on this machine. */
export const time = (limit) => limit * slower;
/** A target that is so many a second, on this machine. */
export const rate = (limit) => limit / slower;

/** What was found, for the report: MiB a second, at first and before each part. */
export const paces = () => found;
export const usual = USUAL;

/** Compresses for so many seconds; MiB of text a second. */
function compress(seconds) {
  const text = Buffer.from([...articles(TEXTS)].map(({ text }) => text).join("\n"));
  const begun = performance.now();
  let [bytes, until] = [0, begun + 1_000 * seconds];
  while (performance.now() < until) {
    gzipSync(text, { level: 6 });
    bytes += text.length;
  }
  return bytes / 2 ** 20 / ((performance.now() - begun) / 1_000);
}

/** All cores at once, as under load. */
async function once(seconds) {
  const each = Array.from({ length: os.availableParallelism() }, () => {
    const worker = new Worker(HERE, { workerData: { seconds } });
    return new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
  });
  return (await Promise.all(each)).reduce((sum, one) => sum + one, 0);
}

/** One look, of a second. */
export const look = () => once(1);

/** Targets that are asked for from then on go by the median of these looks. */
export function use(looks) {
  const pace = median(looks);
  slower = USUAL / pace;
  found.push(pace);
}

/** Looks how fast the machine is now. */
export async function measure() {
  const looks = [];
  for (let n = 0; n < 5; n++) looks.push(await look());
  use(looks);
}

if (!isMainThread && workerData?.seconds) parentPort.postMessage(compress(workerData.seconds));

if (isMainThread && process.argv[1] === HERE) {
  for (let n = 0; n < 5; n++) console.log(`${(await once(2)).toFixed(1)} MiB a second`);
}
