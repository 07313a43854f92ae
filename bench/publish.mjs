// From sending an article in to seeing it, on every surface where it is to appear.
//
// Each round writes two articles about the same rare things: an older one, and once all about that is settled and in the page cache, the
// one that is timed. Both are retracted afterwards, so that every round finds the site as the first one did.

import { client } from "../tests/census.mjs";
import { sleep, until } from "../tests/lib.mjs";
import { desk, seeded } from "./generate.mjs";
import { BROWSER } from "./load.mjs";
import { byline, copy, done, get, serve } from "./site.mjs";
import { atMost, spread } from "./figures.mjs";

const TARGET = 1_000;
/** Nobody waits longer in a round; what is not there by then counts as this. */
const PATIENCE = 5_000;
const LOOK_EVERY = 5;
const BEAT = 3_000;
/** So many that the article must be hot: more than any other of its author has lately. */
const READERS = 200;
/** Two authors of the demo's who publish on their own: whose list an article joins must not matter. */
const [OLDER, NEWER] = ["mara", "tobias"];
const CHANNEL = "tech";

/** Words that no other article has. */
function invented(random) {
  const letter = () => "abdefgiklmnoprtuvz"[Math.floor(random() * 18)];
  return Array.from({ length: 6 }, () => `xu${Array.from({ length: 7 }, letter).join("")}`);
}

/** Part of a page: from the block with this id to the next one's beginning. */
function block(html, id) {
  const from = html.indexOf(`id="${id}"`);
  return from < 0 ? "" : html.slice(from, html.indexOf("<section", from + 1));
}

/** Where the new article is to appear, at once and once it was read: is it there? */
function surfaces(site, { id, word, older }) {
  const page = async (address) => {
    const { status, body } = await get(site + address, BROWSER);
    return { status, html: body.toString() };
  };
  const listed = async (address) => JSON.parse((await get(site + address)).body).items.some((item) => (item.article ?? item).id === id);
  const link = `/article/${id}"`;
  const published = {
    "its own page": async () => (await page(`/article/${id}`)).status === 200,
    "the newest, `/latest`": async () => (await page("/latest")).html.includes(link),
    "the home page": async () => (await page("/")).html.includes(link),
    search: () => listed(`/api/v1/search?q=${word}`),
    "what is related to an older article": () => listed(`/api/v1/articles/${older}/related`),
    "the same, on that article's page": async () => block((await page(`/article/${older}`)).html, "related").includes(link),
  };
  const read = {
    [`the hot list, once ${READERS} have read it`]: () => listed("/api/v1/hot"),
    "the same, on `/hot`": async () => (await page("/hot")).html.includes(link),
  };
  return { published, read };
}

/** Milliseconds from `begun` until `there` says yes. */
async function timed(there, begun) {
  for (;;) {
    const seen = await there();
    const passed = performance.now() - begun;
    if (seen || passed > PATIENCE) return seen ? passed : PATIENCE;
    await sleep(LOOK_EVERY);
  }
}

async function token(user, data) {
  return JSON.parse(await done(byline("token", "create", user, "--name", "bench", "--json", "--data", data), 60)).token;
}

/** One round; milliseconds by surface. */
async function publish(url, writers, pen, random) {
  const own = invented(random);
  const draft = async (writer) => {
    const manuscript = { title: pen.title(CHANNEL, own), body: pen.text(CHANNEL, own), channel: CHANNEL, language: "en" };
    return (await writer.send("POST", "/api/v1/articles", manuscript)).id;
  };
  const submit = async (writer, id) => {
    const { desk } = await writer.send("POST", `/api/v1/articles/${id}/submit`);
    if (desk.state !== "live") throw new Error(`the article became ${desk.state}, not live`);
  };
  const older = await draft(writers.older);
  await submit(writers.older, older);
  const settled = surfaces(url, { id: older, word: own[0], older }).published;
  await until("the older article can be read and found", async () => (await settled["its own page"]()) && settled.search());
  const id = await draft(writers.newer);
  const { published, read } = surfaces(url, { id, word: own[0], older });
  // What is in the page cache now must not hide the new article.
  await Promise.all(Object.values({ ...published, ...read }).map((there) => there()));

  const seen = Object.fromEntries(Object.keys({ ...published, ...read }).map((name) => [name, PATIENCE]));
  const watch = async (places, begun = performance.now()) =>
    Promise.all(Object.entries(places).map(async ([name, there]) => (seen[name] = await timed(there, begun))));
  const sent = submit(writers.newer, id);
  await Promise.all([watch(published), sent]);
  // The server does much at its own beat, and a round always takes about as long: chance keeps the one from hiding the other.
  await sleep(random() * BEAT);
  // Each from a network of their own, and each read something else: a crowd of one network, or one that does nothing else, is not believed.
  const from = () => Array.from({ length: 4 }, () => 1 + Math.floor(random() * 222)).join(".");
  const reader = (n) => ({ ...BROWSER, "User-Agent": `${BROWSER["User-Agent"]} Reader/${n}`, "X-Forwarded-For": from() });
  const readers = Array.from({ length: READERS }, (_, n) => reader(n));
  for (const article of [older, id]) await Promise.all(readers.map((reader) => get(`${url}/article/${article}`, reader)));
  await watch(read);
  await writers.newer.send("POST", `/api/v1/articles/${id}/retract`);
  await writers.older.send("POST", `/api/v1/articles/${older}/retract`);
  return seen;
}

/** `data` is the demo's site, alone or among many articles. */
export async function measure({ data: original, name, size }) {
  const data = copy(original);
  const tokens = { older: await token(OLDER, data), newer: await token(NEWER, data) };
  const random = seeded(2);
  const pen = desk(random, "en");
  const site = await serve(data, { behind_proxy: true });
  try {
    const writers = { older: client(site.url, tokens.older), newer: client(site.url, tokens.newer) };
    const rounds = [];
    await publish(site.url, writers, pen, random);
    for (let n = 0; n < size.publications; n++) rounds.push(await publish(site.url, writers, pen, random));
    return {
      title: `From publishing to visible, ${name}`,
      how:
        `An article is sent in by \`POST /api/v1/articles/{id}/submit\` and looked for every ${LOOK_EVERY} ms on all surfaces at once, ` +
        `from the moment the request is sent (on the hot lists: from the last of the reads); ${rounds.length} rounds, the slowest counts. ` +
        "Every page was in the page cache without it.",
      rows: Object.keys(rounds[0]).map((where) => {
        const times = rounds.map((round) => round[where]);
        const late = times.filter((time) => time === PATIENCE).length;
        const value = spread(times, " ms") + (late ? `; ${late} of ${times.length} not within ${PATIENCE / 1000} s` : "");
        return atMost(where, value, Math.max(...times), TARGET, `${TARGET} ms`);
      }),
    };
  } finally {
    await site.stop();
  }
}
