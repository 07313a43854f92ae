// Articles by the hundred thousand: from a file to pages that can be read and found, and the memory that takes.

import path from "node:path";
import { rmSync } from "node:fs";

import { sleep } from "../tests/lib.mjs";
import { MARK, write } from "./generate.mjs";
import { WORK, byline, done, get, memory, serve } from "./site.mjs";
import * as pace from "./pace.mjs";
import { atMost, digits } from "./figures.mjs";

const TARGET = 60;
/** What ten times the articles may add to memory and still be called constant: caches fill up, the index is mapped into memory. */
const CONSTANT = 1.5;

const since = (begun) => (performance.now() - begun) / 1000;

/** Imports `count` generated articles into folder `data`. */
async function bringIn(count, data) {
  const file = path.join(WORK, `${count}.jsonl`);
  const { bytes } = await write(count, file);

  const begun = performance.now();
  const child = byline("import", "jsonl", file, "--data", data, "--json");
  // The highest mark cannot be asked for after the end, so it is read until then.
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, memory(child)?.most ?? 0)), 20);
  const report = JSON.parse(await done(child, 900).finally(() => clearInterval(watch)));
  if (report.articles_new !== count || report.problems) throw new Error(`not all came in: ${JSON.stringify(report)}`);
  const imported = since(begun);

  const site = await serve(data);
  try {
    const first = since(begun);
    const last = await found(site, begun);
    const page = await get(`${site.url}/article/${last.id}`);
    if (page.status !== 200 || !page.body.includes(last.title)) throw new Error(`the last article's page: ${page.status}`);
    const readable = since(begun);
    rmSync(file);
    return { count, bytes, imported, first, readable, importing: most, serving: memory(site.child) };
  } finally {
    await site.stop();
  }
}

/** Waits for the last article to be found by the word that only it has. */
async function found(site, begun) {
  for (;;) {
    const answer = await get(`${site.url}/api/v1/search?q=${MARK}`);
    if (answer.status !== 200) throw new Error(`search: ${answer.status}`);
    const { items } = JSON.parse(answer.body);
    if (items.length) return items[0].article;
    if (since(begun) > 1_800) throw new Error("the last article is not found");
    await sleep(20);
  }
}

export async function measure({ data, size }) {
  const small = await bringIn(size.few, `${data}-few`);
  const large = await bringIn(size.many, data);
  const many = size.many.toLocaleString("en-US");
  const few = size.few.toLocaleString("en-US");
  const memoryRow = (what, mine, reference, judged) => ({
    what,
    value: `${digits(mine)} MiB`,
    reference: `with ${few}: ${digits(reference)} MiB`,
    ratio: mine / reference,
    ...(judged && { target: `≤ ${CONSTANT}`, good: mine / reference <= CONSTANT }),
  });
  const each = ({ readable, count }) => (readable / count) * 1e6;
  const limit = pace.time((TARGET * size.many) / 100_000);
  return {
    title: `Import of ${many} articles`,
    how:
      `Half Chinese, half English, ${digits(large.bytes / 2 ** 20)} MiB of JSONL, into an empty site: \`byline import jsonl\`, ` +
      `then \`byline serve\` until \`/api/v1/search\` finds the last article and its page answers. Memory is compared with that for ${few} articles.`,
    rows: [
      atMost("from the file to readable and found", `${digits(large.readable)} s`, large.readable, limit, `${digits(limit)} s`),
      { what: "of that, import", value: `${digits(large.imported)} s (${digits(size.many / large.imported)} a second)` },
      { what: "of that, start to the first page", value: `${digits(large.first - large.imported)} s` },
      { what: "of that, index and search", value: `${digits(large.readable - large.first)} s` },
      { what: "time an article", value: `${digits(each(large))} µs`, reference: `with ${few}: ${digits(each(small))} µs`, ratio: each(large) / each(small) },
      memoryRow("most memory, importing", large.importing, small.importing, true),
      memoryRow("most memory, indexing and serving", large.serving.most, small.serving.most),
      memoryRow("not backed by files, after indexing", large.serving.own, small.serving.own),
    ],
  };
}
