// Two nodes on one PostgreSQL and one S3 server, behind a balancer, under load: readers, comments, articles at once and on time, uploads. One of
// the nodes is killed again and again, then the database is stopped, then the S3 server. Nothing that was acknowledged may be lost, what is
// scheduled appears once, the other node shows the truth within a second, pages that are kept go on, and nothing fails but while something is down.

import { mkdirSync } from "node:fs";
import path from "node:path";

import { balance } from "./balancer.mjs";
import { pictureOf } from "./hostile/bytes.mjs";
import { freePort, sleep, stop, until } from "./lib.mjs";
import { startPostgres } from "./postgres.mjs";
import * as prometheus from "./prometheus.mjs";
import { startS3 } from "./s3.mjs";
import { site } from "./server.mjs";

const COMMENTERS = 6;
/** How soon the other node shows what one has taken (milliseconds). */
const TRUE_WITHIN = 1_000;
/** So long after something is back, requests that had waited for it may still fail. */
const GRACE = 3_000;

export async function nodesKilled({ folder, rounds, seconds, round, random, leftOut }) {
  const tools = site(folder);
  const [postgres, s3] = [await startPostgres(), await startS3()];
  console.log(`PostgreSQL ${postgres.version}, ${s3.name}`);
  const [url, ports] = [`http://127.0.0.1:${await freePort()}`, [await freePort(), await freePort()]];
  const settings = { ...s3.settings, BYLINE_DATABASE: postgres.url, BYLINE_REVIEW: "false", BYLINE_URL: url, BYLINE_BEHIND_PROXY: "true" };
  const nodes = ports.map((port, n) => ({ n, url: `http://127.0.0.1:${port}`, data: path.join(folder, `node-${n}`) }));
  const begin = (node) => {
    node.child = tools.byline(["serve", "--data", node.data], { ...settings, BYLINE_LISTEN: node.url.slice("http://".length) });
  };
  const ready = (node, within = 60) =>
    until(`node ${node.n} is ready`, () => {
      if (node.child.end) throw new Error(`it ended: ${node.child.err.trim()}`);
      return fetch(`${node.url}/readyz`).then(({ ok }) => ok);
    }, within);

  let [balancer, metrics] = [];
  const load = { on: true, held: false, writing: 0 };
  try {
    for (const node of nodes) mkdirSync(node.data);
    const token = await tools.author(nodes[0].data, settings);
    for (let n = 0; n < COMMENTERS; n++) await tools.user(`talker-${n}`, nodes[0].data, settings);
    nodes.forEach(begin);
    for (const node of nodes) await ready(node);
    balancer = await balance(Number(new URL(url).port), nodes.map((node) => node.url));
    if (prometheus.isThere()) metrics = await prometheus.startPrometheus(nodes.map((node) => node.url));

    /* Load */

    const acknowledged = { comments: [], articles: new Map(), pictures: new Set(), scheduled: new Map() };
    const [failures, outages] = [[], []];
    let [answers, slowest] = [0, 0];
    const ask = async (method, address, { at = url, cookie, body, headers = {} } = {}) => {
      while (method === "POST" && load.held) await sleep(20);
      const begun = Date.now();
      if (method === "POST") load.writing++;
      try {
        const answer = await fetch(at + address, { method, body, headers: { accept: "text/html", ...(cookie && { cookie }), ...headers }, redirect: "manual", signal: AbortSignal.timeout(30_000) });
        const text = await answer.text();
        answers++;
        slowest = Math.max(slowest, Date.now() - begun);
        if (answer.status >= 500) failures.push({ begun, ended: Date.now(), what: `${method} ${address}: ${answer.status}` });
        return { status: answer.status, text };
      } catch (error) {
        failures.push({ begun, ended: Date.now(), what: `${method} ${address}: ${error.cause?.code ?? error.message}` });
        return { status: 0, text: "" };
      } finally {
        if (method === "POST") load.writing--;
      }
    };
    /** Nobody writes, and nothing that is scheduled comes out, until it is let go: what is kept then stays good. */
    const hold = async () => {
      load.held = true;
      const due = () => postgres.query(`SELECT COUNT(*) FROM jobs WHERE kind = 'article.publish' AND (state = 'running' OR run_at < ${Date.now() + 2_000})`)[0];
      await until("nothing is written", () => load.writing === 0 && due() === "0", 60);
      // The nodes have read what was written last.
      await sleep(500);
    };
    const api = async (method, address, body, at) => {
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      const { status, text } = await ask(method, address, { at, headers, body: body && JSON.stringify(body) });
      return status >= 200 && status < 300 ? JSON.parse(text) : null;
    };
    let count = 0;
    const write = async (at) => {
      const title = `Quay ${++count}`;
      const made = await api("POST", "/api/v1/articles", { title, body: `The quaymark, number ${count}.`, channel: "city" }, at);
      return made && { ...made, title };
    };
    const publish = async (at) => {
      const made = await write(at);
      const live = made && (await api("POST", `/api/v1/articles/${made.id}/submit`, {}, at));
      if (live?.desk.state === "live") acknowledged.articles.set(made.id, made.title);
      return live && made.id;
    };
    const first = await publish(nodes[0].url);
    if (!first) throw new Error(`nothing can be published: ${failures.at(-1)?.what}`);

    const cookies = [];
    for (let n = 0; n < COMMENTERS; n++) cookies.push(await tools.reader(nodes[n % 2].url, `talker-${n}`));
    const loops = {
      read: async () => {
        const ids = [...acknowledged.articles.keys()];
        const pages = ["/", "/latest", "/channel/city", `/article/${ids[Math.floor(random() * ids.length)]}`];
        const address = pages[Math.floor(random() * pages.length)];
        const { status } = await ask("GET", address);
        if (status && status < 500 && status !== 200) failures.push({ begun: 0, ended: Infinity, what: `${address}: ${status}` });
        await sleep(20);
      },
      publish: async () => {
        await publish();
        await sleep(700);
      },
      schedule: async () => {
        const made = await write();
        const at = new Date(Date.now() + 3_000 + 20_000 * random());
        const state = made && (await api("POST", `/api/v1/articles/${made.id}/submit`, { publish_at: at.toISOString() }));
        if (state?.desk.state === "scheduled") acknowledged.scheduled.set(made.id, at.getTime());
        await sleep(1_500);
      },
      upload: async () => {
        const n = ++count;
        const form = new FormData();
        form.set("file", new Blob([pictureOf(n)], { type: "image/png" }), `${n}.png`);
        const { status, text } = await ask("POST", "/api/v1/media", { headers: { authorization: `Bearer ${token}` }, body: form });
        if (status === 200 || status === 201) acknowledged.pictures.add(new URL(JSON.parse(text).url, url).pathname);
        await sleep(1_500);
      },
    };
    for (let n = 0; n < COMMENTERS; n++) {
      loops[`comment ${n}`] = async () => {
        const text = `Seen, number ${++count}.`;
        const { status } = await ask("POST", `/article/${first}/comments`, { cookie: cookies[n], body: new URLSearchParams({ text }) });
        if (status === 303) acknowledged.comments.push(text);
        // Ten a minute is what one reader may.
        await sleep(7_000);
      };
    }
    const running = Object.values(loops).flatMap((step, n) =>
      Array.from({ length: n === 0 ? 3 : 1 }, async () => {
        while (load.on) await step();
      }),
    );

    /** Something is down from before `work` until it says that it is not. */
    const down = async (what, work) => {
      const outage = { what, from: Date.now(), until: Infinity };
      outages.push(outage);
      const said = await work();
      outage.until = Date.now() + GRACE;
      await sleep(GRACE);
      return said;
    };
    /** One node takes it; how long until the other shows it, whatever happens to the first one then. */
    const truth = async (taker, other, then = async () => {}) => {
      const id = await publish(taker.url);
      if (!id) throw new Error(`node ${taker.n} takes nothing: ${failures.at(-1)?.what}`);
      const begun = Date.now();
      await then();
      await until(`node ${other.n} shows it`, async () => (await fetch(`${other.url}/article/${id}`)).status === 200, 10);
      const list = await until(`node ${other.n} lists it`, async () => (await (await fetch(`${other.url}/latest`)).text()).includes(id) && Date.now() - begun, 10);
      if (list > TRUE_WITHIN) throw new Error(`the other node showed it after ${list} ms`);
      return list;
    };
    const kept = ["/", "/latest", `/article/${first}`];
    /** Whether pages that are kept are given by these nodes until `end`. */
    const keepsOn = async (of, end) => {
      let asked = 0;
      while (Date.now() < end) {
        for (const node of of) {
          for (const address of kept) {
            const { status } = await fetch(node.url + address, { headers: { accept: "text/html" } });
            asked++;
            if (status !== 200) throw new Error(`${address} of node ${node.n}: ${status}`);
          }
        }
        await sleep(250);
      }
      return asked;
    };

    /* What happens to it */

    for (let n = 1; n <= rounds.kills; n++) {
      await round(`node killed ${n}`, async () => {
        const [victim, other] = n % 2 ? nodes : [...nodes].reverse();
        const took = [await truth(other, victim)];
        const asked = await down(`node ${victim.n}`, async () => {
          // The last thing that it took is acknowledged, and no more.
          took.push(await truth(victim, other, () => stop(victim.child, "SIGKILL")));
          const asked = await keepsOn([other], Date.now() + 500 + 2_500 * random());
          begin(victim);
          await ready(victim);
          await until("the balancer has both", () => balancer.ready() === 2, 10);
          return asked;
        });
        return `true elsewhere after ${took.join(" and ")} ms; ${asked} kept pages meanwhile`;
      });
    }
    const stopped = async (what, n, server, of) =>
      round(`${what} stopped ${n}`, async () => {
        const asked = await (async () => {
          await hold();
          await Promise.all(nodes.flatMap((node) => kept.map((address) => fetch(node.url + address, { headers: { accept: "text/html" } }))));
          return down(what, async () => {
            await server.pause();
            load.held = false;
            // Whatever is found, the next round finds it running.
            const asked = await keepsOn(of, Date.now() + seconds * 1_000).finally(() => server.resume());
            for (const node of nodes) await ready(node, 15);
            return asked;
          });
        })().finally(() => (load.held = false));
        const took = await truth(nodes[0], nodes[1]);
        return `${asked} kept pages meanwhile; true elsewhere after ${took} ms`;
      });
    for (let n = 1; n <= rounds.stops; n++) await stopped("the database", n, postgres, nodes);
    for (let n = 1; n <= rounds.stops; n++) await stopped("the S3 server", n, s3, nodes);

    load.on = false;
    await Promise.all(running);

    /* What is left */

    await round("what was acknowledged", async () => {
      await sleep(Math.max(0, Math.max(0, ...acknowledged.scheduled.values()) - Date.now()) + 3_000);
      for (const node of nodes) {
        const all = async (address) => {
          const items = [];
          for (let next = ""; next !== null; ) {
            const page = await (await fetch(`${node.url}${address}?limit=100${next && `&cursor=${encodeURIComponent(next)}`}`)).json();
            items.push(...page.items);
            next = page.next;
          }
          return items;
        };
        const listed = new Map((await all("/api/v1/articles")).map(({ id, title }) => [id, title]));
        for (const [id, title] of acknowledged.articles) if (listed.get(id) !== title) throw new Error(`${id} is not on node ${node.n}`);
        for (const id of acknowledged.scheduled.keys()) if (!listed.has(id)) throw new Error(`${id}, which was scheduled, is not on node ${node.n}`);
        const said = new Set((await all(`/api/v1/articles/${first}/comments`)).map(({ text }) => text));
        for (const text of acknowledged.comments) if (!said.has(text)) throw new Error(`a comment is not on node ${node.n}: ${text}`);
        // No article shows them: they are their owner's to see.
        const cookie = await tools.reader(node.url, "pen");
        for (const address of acknowledged.pictures) {
          const answer = await fetch(node.url + address, { headers: { cookie } });
          if (answer.status !== 200 || !(await answer.arrayBuffer()).byteLength) throw new Error(`${address} on node ${node.n}: ${answer.status}`);
        }
      }
      const { articles, scheduled, comments, pictures } = acknowledged;
      return `${articles.size} articles, ${scheduled.size} scheduled ones, ${comments.length} comments, ${pictures.size} pictures, on both nodes`;
    });
    await round("each scheduled article is published once", async () => {
      const published = new Map();
      for (const payload of postgres.query("SELECT payload FROM journal WHERE kind = 'article.live'")) {
        const { id } = JSON.parse(payload);
        published.set(id, (published.get(id) ?? 0) + 1);
      }
      for (const id of acknowledged.scheduled.keys()) if (published.get(id) !== 1) throw new Error(`${id} was published ${published.get(id) ?? 0} times`);
      return `${acknowledged.scheduled.size} of them`;
    });
    await round("what failed, failed while something was down", async () => {
      const outside = failures.filter(({ begun, ended }) => !outages.some(({ from, until }) => begun <= until && ended >= from));
      if (outside.length) throw new Error(`${outside.length} of ${failures.length} did not: ${outside.slice(0, 5).map(({ what }) => what).join("; ")}`);
      const by = outages.reduce((sums, { what, from, until }) => {
        const n = failures.filter(({ begun, ended }) => begun <= until && ended >= from).length;
        return { ...sums, [what]: (sums[what] ?? 0) + n };
      }, {});
      return `${failures.length} of ${answers} answers (${Object.entries(by).map(([what, n]) => `${what}: ${n}`).join(", ")}); the slowest took ${slowest} ms`;
    });
    if (!metrics) return leftOut("the dashboard's panels", "install prometheus");
    await round("each panel of the dashboard shows data", async () => {
      const queries = prometheus.panels();
      const empty = [];
      for (const { panel, query } of queries) if (!(await metrics.series(query))) empty.push(`${panel}: ${query}`);
      if (empty.length) throw new Error(`no data for ${empty.join("; ")}`);
      return `${queries.length} queries`;
    });
  } finally {
    load.on = false;
    await balancer?.stop();
    await metrics?.stop();
    for (const node of nodes) if (node.child) await stop(node.child, "SIGKILL");
    await Promise.all([postgres.stop(), s3.stop()]);
  }
}
