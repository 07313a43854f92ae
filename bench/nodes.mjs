// Two nodes on one machine: how soon one shows what the other has taken, what two give against one, and what pictures out of a bucket cost.

import path from "node:path";

import { client } from "../tests/census.mjs";
import { sleep } from "../tests/lib.mjs";
import * as postgres from "../tests/postgres.mjs";
import * as s3 from "../tests/s3.mjs";
import { atMost, digits, median, ratio, spread } from "./figures.mjs";
import { BROWSER, load } from "./load.mjs";
import { byline, demo, done, get, newest, serve } from "./site.mjs";

const TARGET = 1_000;
const LOOK_EVERY = 5;
const EVENTS = 1_000;
/** What is not there by then counts as this. */
const PATIENCE = 5_000;

/** Why this cannot be measured here; nothing where it can. */
const lacks = () => (postgres.isThere() ? (s3.canStart() ? null : "there is no S3 server to start (tests/s3.mjs)") : "there is no PostgreSQL to start");

/** Milliseconds from sending an article in to `taker` until `other` has it on its page and in the newest. */
async function publication(taker, other, token, n) {
  const writer = client(taker.url, token);
  const { id } = await writer.send("POST", "/api/v1/articles", { title: `On two nodes, ${n}`, body: `Of number ${n}.`, channel: "tech", language: "en" });
  // What is in the other's page cache must not hide it.
  await get(`${other.url}/latest`, BROWSER);
  const begun = performance.now();
  const { desk } = await writer.send("POST", `/api/v1/articles/${id}/submit`);
  if (desk.state !== "live") throw new Error(`the article became ${desk.state}, not live`);
  for (;;) {
    const [own, latest] = await Promise.all([get(`${other.url}/article/${id}`, BROWSER), get(`${other.url}/latest`, BROWSER)]);
    const passed = performance.now() - begun;
    if ((own.status === 200 && latest.body.includes(`/article/${id}"`)) || passed > PATIENCE) return Math.min(passed, PATIENCE);
    await sleep(LOOK_EVERY);
  }
}

/** Events that nodes must apply, `perSecond` of them for `seconds`: that an article has changed. */
const events = (perSecond, seconds) => [
  // As those who write to the journal do (engines/db/src/settled.rs).
  "SELECT pg_advisory_lock_shared(7276302)",
  `DO $$ BEGIN
    FOR n IN 1..${10 * seconds} LOOP
      INSERT INTO journal (tx, kind, payload, at)
        SELECT pg_current_xact_id()::text::bigint, 'article.changed', payload, (EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::bigint
        FROM (SELECT payload FROM journal WHERE kind = 'article.live' ORDER BY seq LIMIT 1) one, generate_series(1, ${perSecond / 10});
      COMMIT;
      PERFORM pg_sleep(0.1);
    END LOOP;
  END $$`,
];

/** Answers a second from nodes that are asked at the same time. */
async function together(nodes, addresses, seconds) {
  const found = await Promise.all(nodes.map(({ url }) => load(url, addresses, seconds, { "Accept-Encoding": "gzip" })));
  return found.reduce((sum, { perSecond }) => sum + perSecond, 0);
}

/** `folder` is for the data of the nodes, `demoData` the demo's site on SQLite, with its pictures in files. */
export async function measure({ folder, demoData, size }) {
  if (lacks()) throw new Error(lacks());
  const [database, bucket] = [await postgres.startPostgres(), await s3.startS3()];
  const started = [];
  const node = async (data, settings) => {
    const site = await serve(data, settings);
    started.push(site);
    return site;
  };
  try {
    const shared = { database: database.url, ...bucket.options };
    const first = path.join(folder, "one");
    await demo(first, shared);
    const nodes = [await node(first, shared), await node(path.join(folder, "two"), shared)];
    const made = byline("token", "create", "mara", "--name", "bench", "--json", "--config", nodes[0].config, "--data", first);
    const { token } = JSON.parse(await done(made, 60));

    const times = [];
    for (let n = 0; n <= size.publications; n++) {
      const took = await publication(nodes[n % 2], nodes[1 - (n % 2)], token, n);
      if (n) times.push(took);
    }

    const flood = database.begin({}, ...events(EVENTS, size.flood));
    const flooded = [];
    for (let n = 0; !flood.end; n++) flooded.push(await publication(nodes[n % 2], nodes[1 - (n % 2)], token, `${n} of many`));
    if (flood.end.code !== 0) throw new Error("the events could not be written");

    const addresses = (await newest(nodes[0].url, 60)).map(({ id }) => `/article/${id}`);
    const rates = { one: [], two: [], bucket: [], files: [] };
    await together(nodes, addresses, size.warm);
    for (let n = 0; n < size.rounds; n++) {
      rates.one.push(await together([nodes[0]], addresses, size.seconds / 2));
      rates.two.push(await together(nodes, addresses, size.seconds / 2));
    }
    await nodes[1].stop();

    // The demo's pictures have the same names wherever it is made.
    const files = await node(demoData, {});
    const page = (await get(`${files.url}/`, BROWSER)).body.toString();
    const pictures = [...new Set(page.match(/\/media\/[0-9a-f]+\/[\w.]+/g))];
    for (let n = 0; n < size.rounds; n++) {
      rates.bucket.push(await together([nodes[0]], pictures, size.seconds / 2));
      rates.files.push(await together([files], pictures, size.seconds / 2));
    }
    const beside = (what, mine, reference, name) =>
      ({ what, value: spread(mine), reference: `${name} ${digits(median(reference))}`, ratio: ratio(mine, reference) });
    return {
      title: "Two nodes on one machine",
      how:
        "One PostgreSQL, one S3 server and two nodes share the machine's cores with the load tool. " +
        `${times.length} articles sent in to one node by turns and looked for on the other every ${LOOK_EVERY} ms, the slowest counts; the same for ${size.flood} s while events are written; ` +
        `${size.rounds} alternating runs of ${size.seconds / 2} s each of the cached pages of ${addresses.length} articles and of ${pictures.length} pictures.`,
      rows: [
        atMost("from publishing on one to seen on the other", spread(times, " ms"), Math.max(...times), TARGET, `${TARGET} ms`),
        atMost(`the same, while ${EVENTS.toLocaleString("en-US")} events a second are written`, spread(flooded, " ms"), Math.max(...flooded), TARGET, `${TARGET} ms`),
        beside("cached pages a second of two nodes", rates.two, rates.one, "one node"),
        beside("pictures a second out of the bucket", rates.bucket, rates.files, "out of files"),
      ],
    };
  } finally {
    for (const site of started) await site.stop();
    await Promise.all([database.stop(), bucket.stop()]);
  }
}
