// A large site: what readers get from the index and from recommendation, and how that grows with articles and reads.
//
// Three sites of generated articles and reads. Each is imported, its index built, and asked by one client, one thing after the other.

import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";

import { sleep, until } from "../tests/lib.mjs";
import * as pace from "./pace.mjs";
import { digits } from "./figures.mjs";
import { seeded, write } from "./generate.mjs";
import { Line } from "./line.mjs";
import { writeReads } from "./readers.mjs";
import { WORK, byline, done, memory, serve } from "./site.mjs";

const DAY = 86_400_000;
/** Over so long the articles came out. */
const SPAN = 730 * DAY;
/** Readers with an account, what each has read, and whom each follows. */
const [READERS, PAST, FOLLOWED] = [40, 30, 8];
const PASSWORD = "a bench's long password";
/** Readers of an article that is to rise in the hot list, how far it stands down, and by how many places it is to rise. */
const [CROWD, DOWN, UP] = [1_000, 40, 10];
/** What is read is written and taken in within this. */
const BEAT = 1_300;

const since = (begun) => (performance.now() - begun) / 1000;

/** The value below which that share of the values lies. */
function part(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

const spoken = (values) => ({ p50: part(values, 0.5), p95: part(values, 0.95), p99: part(values, 0.99) });

const form = (values) => ({
  method: "POST",
  body: new URLSearchParams(values).toString(),
});

/** MiB of the files in a folder. */
const weight = (folder) =>
  readdirSync(folder, { recursive: true }).reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0) / 2 ** 20;

/** Makes a site; seconds by step. */
async function make(articles, reads) {
  const data = mkdtempSync(path.join(WORK, "scale-"));
  const last = Date.now();
  const span = { first: last - SPAN, last };
  const [texts, table] = [path.join(WORK, "articles.jsonl"), path.join(WORK, "reads.csv")];
  const { channels } = await write(articles, texts, span);
  await writeReads(reads, channels, span, table);
  const step = async (...args) => {
    const begun = performance.now();
    const said = await done(byline(...args, "--data", data), 2_000);
    return { seconds: since(begun), said };
  };
  const brought = await step("import", "jsonl", texts, "--json");
  rmSync(texts);
  const read = await step("import", "reads", table, "--json");
  rmSync(table);
  if (JSON.parse(brought.said).articles_new !== articles) throw new Error(`not all came in: ${brought.said}`);
  if (JSON.parse(read.said).reads_new !== reads) throw new Error(`not all reads came in: ${read.said}`);
  const indexed = await step("reindex");
  return { data, importing: brought.seconds, reading: read.seconds, indexing: indexed.seconds, disk: weight(path.join(data, "index")) };
}

/** The ids of some articles of the whole site, in no order, by its sitemaps. */
async function sample(line, count, random) {
  const locations = (text) => [...text.matchAll(/<loc>([^<]*)<\/loc>/g)].map((found) => new URL(found[1]).pathname);
  const read = async (address) => locations((await line.ask(address)).body());
  const first = await read("/sitemap.xml");
  const maps = first.filter((address) => address.startsWith("/sitemap-"));
  const ids = [];
  for (const address of maps.length ? maps : ["/sitemap.xml"]) {
    const all = (await read(address)).filter((found) => found.startsWith("/article/"));
    const wanted = Math.ceil((1.3 * count) / Math.max(1, maps.length));
    for (let n = 0; n < Math.min(wanted, all.length); n++) ids.push(all[Math.floor(random() * all.length)].slice("/article/".length));
  }
  const mixed = [...new Set(ids)].map((id) => [random(), id]).sort(([a], [b]) => a - b);
  return mixed.slice(0, count).map(([, id]) => id);
}

/** Milliseconds of each answer; anything but 200 is an error. */
async function times(line, addresses) {
  const all = [];
  for (const address of addresses) {
    const answer = await line.ask(address);
    if (answer.status !== 200) throw new Error(`${address}: ${answer.status}`);
    all.push(answer.ms);
  }
  return all;
}

const json = async (line, address) => JSON.parse((await line.ask(address)).body());

/** What people search for, and what they have typed of it so far. */
function asked(titles) {
  const words = (title) => (title.includes(" ") ? title.split(" ").slice(0, 2).join(" ") : title.slice(0, 4));
  const queries = titles.map(words);
  const typed = queries.flatMap((query) => [1, 2, 3, query.length].map((length) => query.slice(0, length)));
  const ask = (path, values) => values.map((value) => `${path}?q=${encodeURIComponent(value)}`);
  return { search: ask("/api/v1/search", queries), suggest: ask("/search/suggest", typed) };
}

/** Readers who have read and follow some, each signed in. */
async function readers(line, recent, random) {
  const all = [];
  const any = (list) => list[Math.floor(random() * list.length)];
  for (let n = 0; n < READERS; n++) {
    const from = { "X-Forwarded-For": `10.${n}.0.1` };
    const common = { "Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin" };
    const { body, method } = form({ handle: `r${Date.now().toString(36)}${n}`, name: `Reader ${n}`, password: PASSWORD });
    const answer = await line.ask("/signup", { method, body, headers: { ...common, ...from } });
    const cookie = answer.text().match(/\r\nset-cookie: (session=[^;]+)/i)?.[1];
    if (!cookie) throw new Error(`reader ${n} cannot sign up: ${answer.status}`);
    const headers = { Cookie: cookie, ...from };
    for (let follows = 0; follows < FOLLOWED; follows++) {
      await line.ask(`/@${any(recent).author.handle}/follow`, { ...form({ back: "/" }), headers: { ...common, ...headers } });
    }
    for (let read = 0; read < PAST; read++) await line.ask(`/article/${any(recent).id}`, { headers });
    all.push(headers);
  }
  await sleep(BEAT);
  return all;
}

/** Each reader reads something and asks for their list, in which that is taken in; `rounds` times. */
async function forYou(line, people, recent, rounds, random) {
  const all = [];
  for (let round = 0; round < rounds; round++) {
    for (const headers of people) await line.ask(`/article/${recent[Math.floor(random() * recent.length)].id}`, { headers });
    await sleep(BEAT);
    for (const headers of people) {
      const answer = await line.ask("/for-you", { headers });
      if (answer.status !== 200 || !answer.body().includes("/article/")) throw new Error(`/for-you: ${answer.status}`);
      all.push(answer.ms);
    }
  }
  return all;
}

/** Milliseconds from the first of a crowd's reads until the article stands some places higher. */
async function hotRefresh(line, random) {
  const places = async () => (await json(line, "/api/v1/hot?limit=50")).items.map((item) => (item.article ?? item).id);
  const before = await places();
  const at = Math.min(DOWN, before.length - 1);
  const id = before[at];
  const from = () => Array.from({ length: 4 }, () => 1 + Math.floor(random() * 222)).join(".");
  const crowd = Array.from({ length: CROWD }, (_, n) => ({ "User-Agent": `Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0 R/${n}`, "X-Forwarded-For": from() }));
  // Each read something else before: whoever does nothing else is not believed.
  for (const headers of crowd) await line.ask(`/article/${before[0]}`, { headers });
  await line.ask(`/article/${id}`);
  const begun = performance.now();
  for (const headers of crowd) await line.ask(`/article/${id}`, { headers });
  await until("the article rises", async () => (await places()).indexOf(id) <= at - UP && (await places()).includes(id), 60);
  return performance.now() - begun;
}

/** What the site in folder `data` takes. */
export async function ask(data, { samples, rounds }) {
  const random = seeded(3);
  const begun = performance.now();
  const site = await serve(data, { behind_proxy: true });
  const starting = since(begun);
  const line = await Line.to(site.url);
  try {
    await until("the hot list is there", async () => (await json(line, "/api/v1/hot")).items.length > 0, 120);
    const recent = [];
    for (let next = ""; next !== null && recent.length < 2_000; ) {
      const page = await json(line, `/api/v1/articles?limit=100${next && `&cursor=${encodeURIComponent(next)}`}`);
      recent.push(...page.items);
      next = page.next;
    }
    const ids = await sample(line, 2 * samples, random);
    const titles = [];
    for (const id of ids.slice(0, samples)) titles.push((await json(line, `/api/v1/articles/${id}`)).title);
    const { search, suggest } = asked(titles);
    // What is asked first finds files that nobody has read, and code that never ran.
    const warm = ids.slice(samples);
    await times(line, warm.map((id) => `/api/v1/articles/${id}/related`));
    await times(line, search.slice(0, samples / 4));

    const none = spoken(await times(line, Array.from({ length: samples }, () => "/healthz")));
    const related = spoken(await times(line, ids.slice(0, samples).map((id) => `/api/v1/articles/${id}/related`)));
    const found = spoken(await times(line, search));
    const completed = spoken(await times(line, suggest));
    const people = await readers(line, recent, random);
    await forYou(line, people, recent, 1, random);
    const own = spoken(await forYou(line, people, recent, rounds, random));
    const hot = await hotRefresh(line, random);
    return { none, related, found, completed, own, hot, starting, memory: memory(site.child) };
  } finally {
    line.end();
    await site.stop();
  }
}

export async function measure({ size }) {
  const all = [];
  for (const one of size.sites) {
    console.log(`  ${one.articles.toLocaleString("en-US")} articles, ${one.reads.toLocaleString("en-US")} reads`);
    const made = await make(one.articles, one.reads);
    all.push({ ...made, ...(await ask(made.data, one)) });
    rmSync(made.data, { recursive: true });
  }
  const largest = all.at(-1);
  const last = size.sites.at(-1);
  const [articles, reads] = [last.articles, last.reads].map((n) => n.toLocaleString("en-US"));
  const growth = (of, unit) =>
    size.sites.slice(0, -1).map((site, n) => `${site.articles.toLocaleString("en-US")}: ${digits(of(all[n]))} ${unit}`).join("; ");
  /** `limit` in the unit of the figure. */
  const row = (what, of, unit, limit) => ({
    what,
    value: `${digits(of(largest))} ${unit}`,
    reference: growth(of, unit),
    ratio: of(largest) / of(all.at(-2) ?? largest),
    ...(limit && { target: `≤ ${digits(limit)} ${unit}`, good: of(largest) <= limit }),
  });
  const three = (what, of, { p95, p99 } = {}) => [
    row(`${what}, median`, (site) => of(site).p50, "ms"),
    row(`${what}, p95`, (site) => of(site).p95, "ms", p95 && pace.time(p95)),
    row(`${what}, p99`, (site) => of(site).p99, "ms", p99 && pace.time(p99)),
  ];
  return {
    title: `A site of ${articles} articles and ${reads} reads`,
    how:
      "Generated articles over two years, and reads of the last month by visitors who stay for some minutes, mostly in one channel and with what is new. " +
      "One client asks one thing after the other; what was kept is not asked for: each related list is another article's, each reader's list is made after they read " +
      "one more article. The reference is the same on smaller sites, the ratio that to the next smaller one.",
    rows: [
      ...three("related articles", (site) => site.related, { p99: 3 }),
      ...three("search", (site) => site.found, { p95: 10 }),
      ...three("type-ahead", (site) => site.completed, { p95: 5 }),
      ...three("for you, as a page", (site) => site.own, { p99: 10 }),
      row(`hot list, from the first of ${CROWD.toLocaleString("en-US")} reads to ${UP} places up`, (site) => site.hot, "ms", 1_000),
      row("an answer that asks nothing (`/healthz`), p99", (site) => site.none.p99, "ms"),
      row("index built by `byline reindex`", (site) => site.indexing, "s", pace.time(1_200)),
      row("its files on the disk", (site) => site.disk, "MiB"),
      row("a start with the index, until ready", (site) => site.starting, "s"),
      row("articles brought in", (site) => site.importing, "s"),
      row("reads brought in", (site) => site.reading, "s"),
      row("memory of the server at the end, own", (site) => site.memory.own, "MiB"),
      row("memory with all that is mapped from files", (site) => site.memory.now, "MiB", 2e9 / 2 ** 20),
    ],
  };
}
