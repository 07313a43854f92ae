// How fast the machine is: by nginx, as a page that is ready is compared with it. Targets that are times were set on a machine on which it
// gives 100,000 answers a second; on another they move with it, so that a target says something of Byline and not of the machine.

import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";

import { load } from "./load.mjs";
import * as nginx from "./nginx.mjs";
import { median } from "./figures.mjs";

const USUAL = 100_000;
/** About what an article's page is: bytes of gzip. */
const PAGE = 14_000;

let slower = 1;
let answers = null;

/** A target in seconds or milliseconds, on this machine. */
export const time = (limit) => limit * slower;
/** A target that is so many a second, on this machine. */
export const rate = (limit) => limit / slower;

/** What was found, for the report: nginx's answers a second and by what targets are multiplied. Null where there is no nginx. */
export const found = () => answers && { answers, slower };

export async function measure(size) {
  if (!nginx.version()) return;
  const plain = randomBytes(PAGE);
  const reference = await nginx.servePage(plain, gzipSync(plain));
  try {
    const runs = [];
    await load(reference.url, [reference.address], size.warm, { "Accept-Encoding": "gzip" });
    for (let n = 0; n < size.rounds; n++) {
      runs.push((await load(reference.url, [reference.address], size.seconds / 2, { "Accept-Encoding": "gzip" })).perSecond);
    }
    answers = median(runs);
    slower = USUAL / answers;
  } finally {
    await reference.stop();
  }
}
