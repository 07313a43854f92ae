// Does to Byline what machines do. Kills it with SIGKILL at random moments, while it imports, publishes and builds its search index anew; fills
// its disk; takes its database away. Then looks at what is left: it starts, or goes on without a restart, all counts agree, what was acknowledged
// is there, the followers of the journal catch up, and an import that is run again completes.
//
//   node tests/kill.mjs [--rounds N] [--seed N] [--postgres] [import] [publish] [reindex] [full-disk] [database-gone] [nodes] [long-transaction]
//
// `long-transaction` holds somebody else's open for N minutes (10). `full-disk` runs on SQLite and on PostgreSQL (20 rounds each, where none
// are given) on a small file system of its own: that takes root. What cannot be had is left out, and said at the end; STRICT=1 makes that a
// failure. Works in a temporary folder, on the loopback interface, and ends by itself.

import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

import { census, client } from "./census.mjs";
import { databaseGone } from "./database-gone.mjs";
import { fullDisk } from "./full-disk.mjs";
import { sleep, stop, until } from "./lib.mjs";
import { longTransaction } from "./long-transaction.mjs";
import { nodesKilled } from "./nodes-killed.mjs";
import { canStart, startPostgres } from "./postgres.mjs";
import * as s3 from "./s3.mjs";
import { site } from "./server.mjs";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    postgres: { type: "boolean", default: false },
  },
});
const PARTS = ["import", "publish", "reindex", "full-disk", "database-gone", "nodes", "long-transaction"];
const halves = positionals.length ? positionals : PARTS;
const unknown = halves.filter((name) => !PARTS.includes(name));
if (unknown.length) {
  console.error(`no part ${unknown.join(", ")}; there are ${PARTS.join(", ")}`);
  process.exit(2);
}
const rounds = (otherwise) => Number(options.rounds ?? otherwise);

const FOLDER = mkdtempSync(path.join(os.tmpdir(), "byline-kill-"));
const [ARTICLES, COMMENTS, WRITERS] = [4_000, 2, 4];
const WORD = "quaymark";
const MARK = "Quay";

/** Moments are drawn from a seed, so that a run can be repeated, as far as the machine's pace allows (mulberry32's mixing). */
let state = Number(options.seed);
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t ^= t + Math.imul(t ^ (t >>> 7), 61 | t);
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}

const { byline, done, serve, author } = site(FOLDER);

/** Looks at the site in `data` with a server of its own, which is then killed as well. */
async function look(data, settings, also = async () => {}) {
  const { url, child } = await serve(["serve", "--data", data], settings);
  try {
    const seen = await census(url, { word: WORD, mark: MARK });
    await also(url, seen);
    return seen;
  } finally {
    await stop(child, "SIGKILL");
  }
}

/* Importing */

function importFile() {
  const lines = Array.from({ length: ARTICLES }, (_, n) =>
    JSON.stringify({
      id: `k-${n}`,
      author: `writer-${n % 20}`,
      title: `${MARK} ${n}`,
      text: `The ${WORD} of day ${n}. `.padEnd(900, "Boats came in, boats went out, and the tide did as it liked. "),
      channel: ["city", "tech", "food", "travel"][n % 4],
      tags: ["harbour"],
      published_at: new Date(Date.UTC(2024, 0, 1) + n * 3_600_000).toISOString(),
      comments: Array.from({ length: COMMENTS }, (_, c) => ({ name: `Reader ${c}`, text: `Seen it too, on day ${n}.` })),
    }),
  );
  const file = path.join(FOLDER, "articles.jsonl");
  writeFileSync(file, `${lines.join("\n")}\n`);
  return file;
}

let undisturbed;

async function importRound(name, settings) {
  const [file, data] = [path.join(FOLDER, "articles.jsonl"), path.join(FOLDER, name)];
  const bringIn = ["import", "jsonl", file, "--data", data, "--json"];
  let moment;
  for (let child; ; rmSync(data, { recursive: true, force: true })) {
    moment = Math.round(undisturbed * (0.02 + 0.9 * random()));
    child = byline(bringIn, settings);
    await Promise.race([sleep(moment), child.ended]);
    if (!child.end) {
      await stop(child, "SIGKILL");
      break;
    }
    // Faster than the first time: no moment was disturbed. In a database that outlives the folder there is nothing left to import.
    if (settings.BYLINE_DATABASE) throw new Error("the import had ended before it could be killed");
    undisturbed = moment;
  }

  const before = await look(data, settings);
  const report = JSON.parse(await done(bringIn, settings));
  if (report.articles_known !== before.marked.length) throw new Error(`${before.marked.length} were shown, but the import knew ${report.articles_known}`);
  const after = await look(data, settings);
  if (after.marked.length !== ARTICLES || after.comments !== ARTICLES * COMMENTS) throw new Error(`in the end ${after.marked.length} articles, ${after.comments} comments`);
  const again = JSON.parse(await done(bringIn, settings));
  if (again.articles_new + again.comments_new + again.authors_new !== 0) throw new Error(`a third run changed something: ${JSON.stringify(again)}`);
  rmSync(data, { recursive: true, force: true });
  return `killed after ${moment} of ${undisturbed} ms, ${before.marked.length} articles were in; run again, all ${ARTICLES}; search caught up in ${before.caughtUp} and ${after.caughtUp} ms`;
}

/* Publishing */

/** Writes, publishes and changes articles until the server is gone. Notes what was acknowledged, and what was only asked for. */
async function write(api, tell, count) {
  for (;;) {
    const n = count.next++;
    const title = `${MARK} ${n}`;
    const manuscript = { title, body: `Seen from the ${WORD}, number ${n}.`, channel: "city", tags: ["harbour"] };
    const { id, desk } = await api.send("POST", "/api/v1/articles", manuscript);
    tell.asked.set(id, [title]);
    const live = await api.send("POST", `/api/v1/articles/${id}/submit`);
    if (live.desk.state !== "live") throw new Error(`an article became ${live.desk.state}, not live`);
    tell.live.set(id, title);
    if (n % 3 === 0) {
      const changed = `${title}, changed`;
      tell.asked.get(id).push(changed);
      await api.send("PUT", `/api/v1/articles/${id}`, { ...manuscript, title: changed, version: desk.version });
      await api.send("POST", `/api/v1/articles/${id}/submit`);
      tell.live.set(id, changed);
    }
  }
}

const written = { asked: new Map(), live: new Map() };
const count = { next: 1 };

async function publishRound(data, settings, token) {
  const { url, child } = await serve(["serve", "--data", data], settings);
  const moment = Math.round(200 + 2_000 * random());
  const before = written.live.size;
  const api = client(url, token);
  let killed = false;
  const writers = Array.from({ length: WRITERS }, () =>
    write(api, written, count).catch((error) => {
      // A server that is gone is what we are here for; one that says no is not.
      if (!killed || error.status) throw error;
    }),
  );
  await Promise.race([sleep(moment), ...writers]);
  killed = true;
  await stop(child, "SIGKILL");
  await Promise.all(writers);

  let lost = 0;
  const seen = await look(data, settings, async (url, { marked }) => {
    const shown = new Map(marked.map(({ id, title }) => [id, title]));
    for (const [id, title] of written.live) {
      // One that was being changed may show either.
      const may = [title, ...written.asked.get(id).slice(written.asked.get(id).indexOf(title))];
      if (!may.includes(shown.get(id))) throw new Error(`${id} was acknowledged as “${title}”, the list shows ${shown.get(id) ?? "nothing"}`);
    }
    // What was not acknowledged is there as a whole or not at all.
    for (const [id] of written.asked) {
      if (written.live.has(id) || shown.has(id)) continue;
      lost += 1;
      const { status } = await fetch(`${url}/article/${id}`);
      if (status !== 404) throw new Error(`${id} is in no list, but its page answers ${status}`);
    }
    for (const [id] of shown) if (!written.asked.has(id)) written.asked.set(id, [shown.get(id)]);
  });
  return `killed after ${moment} ms and ${written.live.size - before} articles; all ${written.live.size} acknowledged are there, ${lost} not acknowledged are not; search caught up in ${seen.caughtUp} ms`;
}

/* Building the search index anew */

async function reindexRound(data, settings) {
  const { url, child } = await serve(["serve", "--data", data], settings);
  const found = async (at) => (await (await fetch(`${at}/api/v1/search?q=${WORD}&limit=1`)).json()).total;
  await until("search finds all", async () => (await found(url)) === ARTICLES, 120);
  const command = byline(["reindex", "--data", data], settings);
  const moment = Math.round(50 + 2_500 * random());
  const end = Date.now() + moment;
  while (Date.now() < end) {
    const total = await found(url);
    if (total !== ARTICLES) throw new Error(`while it was built, search found ${total}`);
  }
  // By turns the server dies, the command, or both; whoever is left, or comes next, brings it to its end.
  const victim = Math.floor(random() * 3);
  if (victim !== 1) await stop(child, "SIGKILL");
  if (victim !== 0) await stop(command, "SIGKILL");
  if (victim === 0 && (await command.ended).code !== 0) throw new Error(`byline reindex: ${command.err.trim()}`);
  if (victim === 1) await stop(child, "SIGKILL");
  const after = await serve(["serve", "--data", data], settings);
  try {
    const total = await found(after.url);
    if (total !== ARTICLES) throw new Error(`when it was back, search found ${total}`);
    await until("the new index is there", () => !existsSync(path.join(data, "index", "reindex")), 120);
    if ((await found(after.url)) !== ARTICLES) throw new Error("the new index does not have all");
  } finally {
    await stop(after.child, "SIGKILL");
  }
  return `${["the server", "the command", "both"][victim]} killed after ${moment} ms; search found all ${ARTICLES} at every moment`;
}

/* All, and what came of it */

const results = [];
const missing = [];
async function round(name, work) {
  const begun = Date.now();
  const [ok, said] = await work().then((said) => [true, said], (error) => [false, error.message]);
  results.push(ok);
  console.log(`${ok ? "passed" : "FAILED"}  ${name} (${((Date.now() - begun) / 1000).toFixed(1)} s): ${said}`);
}

const servers = [];
/** What a site keeps its data in: SQLite in its folder, or a PostgreSQL server of its own, where that is asked for. */
async function database() {
  if (!options.postgres) return {};
  const server = await startPostgres();
  if (!server) throw new Error("no PostgreSQL here");
  servers.push(server);
  return { BYLINE_DATABASE: server.url };
}

console.log(`seed ${options.seed}, on ${options.postgres ? "PostgreSQL" : "SQLite"}`);
try {
  if (halves.includes("import")) {
    const [file, data] = [importFile(), path.join(FOLDER, "undisturbed")];
    const begun = Date.now();
    await done(["import", "jsonl", file, "--data", data], await database());
    undisturbed = Date.now() - begun;
    for (let n = 1; n <= rounds(10); n++) await round(`import ${n}`, () => database().then((settings) => importRound(`import-${n}`, settings)));
  }
  if (halves.includes("publish")) {
    const data = path.join(FOLDER, "publish");
    mkdirSync(data);
    const settings = { ...(await database()), BYLINE_REVIEW: "false" };
    const token = await author(data, settings);
    for (let n = 1; n <= rounds(10); n++) await round(`publish ${n}`, () => publishRound(data, settings, token));
  }
  if (halves.includes("reindex")) {
    const [file, data, settings] = [importFile(), path.join(FOLDER, "reindex"), await database()];
    await done(["import", "jsonl", file, "--data", data], settings);
    for (let n = 1; n <= rounds(10); n++) await round(`reindex ${n}`, () => reindexRound(data, settings));
  }
  if (halves.includes("full-disk")) missing.push(...(await fullDisk({ folder: FOLDER, rounds: rounds(20), round, random })));
  if (halves.includes("database-gone")) {
    if (canStart()) await databaseGone({ folder: FOLDER, rounds: rounds(3), round });
    else missing.push(["database-gone", "install PostgreSQL"]);
  }
  const twoNodes = "install PostgreSQL and run tests/install-s3.sh, or let TEST_S3 name a server's program";
  if (halves.includes("nodes")) {
    const parts = { kills: rounds(20), stops: Math.ceil(rounds(20) / 4) };
    if (canStart() && s3.canStart()) await nodesKilled({ folder: FOLDER, rounds: parts, seconds: 30, round, random, leftOut: (what, how) => missing.push([what, how]) });
    else missing.push(["nodes", twoNodes]);
  }
  if (halves.includes("long-transaction")) {
    if (canStart() && s3.canStart()) await longTransaction({ folder: FOLDER, minutes: rounds(10), round });
    else missing.push(["long-transaction", twoNodes]);
  }
} finally {
  for (const server of servers) await server.stop();
  rmSync(FOLDER, { recursive: true, force: true });
}
const failed = results.filter((ok) => !ok).length;
console.log(`\n${results.length - failed} passed, ${failed} failed`);
for (const [what, how] of missing) console.log(`left out: ${what}. To include it: ${how}.`);
process.exit(failed || (process.env.STRICT === "1" && missing.length) ? 1 : 0);
