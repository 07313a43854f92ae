// Jobs: scheduled articles whose time comes all at once. Each is a job, enqueued in the transaction that brings the article in.

import path from "node:path";
import { rmSync } from "node:fs";

import { sleep } from "../tests/lib.mjs";
import { digits } from "./figures.mjs";
import { write } from "./generate.mjs";
import * as pace from "./pace.mjs";
import { WORK, byline, done, get, serve } from "./site.mjs";

/** From bringing them in to their time: longer than the import takes, also on a slow machine. */
const AHEAD = 40_000;
/** Longer than this something hangs. */
const PATIENCE = 300_000;
const KIND = "article.publish";

/** How many tries of jobs that publish came to which end, by the metrics of the node. */
async function tries(url) {
  const { body } = await get(`${url}/metrics`);
  const ends = { done: 0, again: 0, failed: 0 };
  for (const [, labels, count] of body.toString().matchAll(/^byline_job_seconds_count\{([^}]*)\} (\d+)$/gm)) {
    const outcome = labels.match(/outcome="(\w+)"/)?.[1];
    if (labels.includes(`kind="${KIND}"`)) ends[outcome] += Number(count);
  }
  return ends;
}

export async function measure({ size }) {
  const [file, data] = [path.join(WORK, "jobs.jsonl"), path.join(WORK, "jobs")];
  const due = Date.now() + pace.time(AHEAD);
  await write(size.jobs, file, { first: due, last: due });
  const begun = performance.now();
  const report = JSON.parse(await done(byline("import", "jsonl", file, "--data", data, "--json"), 300));
  const enqueued = (performance.now() - begun) / 1_000;
  rmSync(file);
  if (report.articles_new !== size.jobs) throw new Error(`not all came in: ${JSON.stringify(report)}`);
  const site = await serve(data);
  try {
    if (Date.now() >= due) throw new Error("their time came before the server was there");
    await sleep(due - Date.now());
    const [came, first] = [performance.now(), (await get(`${site.url}/api/v1/articles?limit=1`)).status];
    if (first !== 200) throw new Error(`the list of articles: ${first}`);
    let ends = await tries(site.url);
    while (ends.done < size.jobs) {
      if (performance.now() - came > PATIENCE) throw new Error(`${ends.done} of ${size.jobs} are done`);
      await sleep(50);
      ends = await tries(site.url);
    }
    const seconds = (performance.now() - came) / 1_000;
    const count = size.jobs.toLocaleString("en-US");
    return {
      title: `${count} jobs`,
      how:
        `${count} articles are imported that are to come out at the same moment: each enqueues a job. \`byline serve\` waits for that moment, and carries out all of them, ` +
        "each in transactions of its own: claimed, published, done. Counted by `byline_job_seconds`.",
      rows: [
        { what: "enqueued with their articles", value: `${digits(size.jobs / enqueued)} a second` },
        { what: "done", value: `${digits(size.jobs / seconds)} a second` },
        { what: "from the moment until the last is done", value: `${digits(seconds)} s` },
        { what: "tries that failed", value: digits(ends.again + ends.failed), target: "0", good: ends.again + ends.failed === 0 },
      ],
    };
  } finally {
    await site.stop();
  }
}
