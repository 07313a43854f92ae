// A PostgreSQL that is stopped under a running site and comes back, or that hangs: kept pages and their pictures go on, all else is refused soon,
// and it returns by itself.

import { mkdirSync } from "node:fs";
import path from "node:path";

import { sleep, stop, until } from "./lib.mjs";
import { plainPng } from "./hostile/bytes.mjs";
import { startPostgres } from "./postgres.mjs";
import { site } from "./server.mjs";

/** Pages with computed lists are drawn anew after a minute: longer than that the database is gone in the first round. */
const LONG = 63_000;
/** Who asks while it is known to be gone waits no longer than this (milliseconds), and the first no longer than that. */
const [AT_ONCE, FIRST] = [500, 4_000];
/** Of a database that says nothing at all the first must find that out. */
const HANGING = 8_000;

export async function databaseGone({ folder, rounds, round }) {
  const { serve, author, user, reader } = site(folder);
  const data = path.join(folder, "gone");
  mkdirSync(data);
  const postgres = await startPostgres();
  const settings = { BYLINE_REVIEW: "false", BYLINE_DATABASE: postgres.url };
  let child;
  try {
    const token = await author(data, settings);
    await user("reader", data, settings);
    const running = await serve(["serve", "--data", data], settings);
    child = running.child;
    const { url } = running;
    const api = async (address, body) => {
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      const answer = await fetch(url + address, { method: "POST", headers, body: JSON.stringify(body) });
      if (!answer.ok) throw new Error(`POST ${address}: ${answer.status}`);
      return answer.json();
    };
    const form = new FormData();
    form.set("file", new Blob([plainPng(7)], { type: "image/png" }), "a.png");
    const brought = await fetch(`${url}/api/v1/media`, { method: "POST", headers: { authorization: `Bearer ${token}` }, body: form });
    if (!brought.ok) throw new Error(`POST /api/v1/media: ${brought.status}`);
    const { hash } = await brought.json();
    const { id } = await api("/api/v1/articles", { title: "Low water", body: `The tidemark.\n\n![a lamp](/media/${hash}/full.jpg)`, channel: "city" });
    await api(`/api/v1/articles/${id}/submit`, {});
    const session = await reader(url, "reader");
    const ask = async (address, { cookie, ...init } = {}) => {
      const begun = Date.now();
      const headers = { accept: "text/html", ...(cookie && { cookie }) };
      const answer = await fetch(url + address, { headers, redirect: "manual", ...init });
      const text = await answer.text();
      return { status: answer.status, text, wait: answer.headers.get("retry-after"), took: Date.now() - begun };
    };
    const expect = (what, { status, took }, wanted, most) => {
      if (status !== wanted) throw new Error(`${what}: ${status}, not ${wanted}`);
      if (took > most) throw new Error(`${what}: took ${took} ms`);
    };
    const comment = (text) => ask(`/article/${id}/comments`, { method: "POST", cookie: session, body: new URLSearchParams({ text }), headers: { cookie: session, accept: "text/html" } });
    const picture = (await ask(`/article/${id}`)).text.match(/\/media\/[0-9a-f]+\/[\w.]+/)?.[0];
    if (!picture) throw new Error("the article shows no picture");
    const pages = ["/", "/latest", "/hot", `/article/${id}`, "/channel/city", "/@quay-notes", "/feed.xml", picture];
    const kept = { visitor: undefined, "reader with the script": `${session}; js=1` };

    for (let n = 1; n <= rounds; n++) {
      await round(`database gone ${n}`, async () => {
        for (const address of pages) expect(address, await ask(address), 200, 10_000);
        await postgres.pause();
        const first = await ask(`/@nobody-${n}`);
        expect("the first address that must be looked up", first, 503, FIRST);
        if (n === 1) await sleep(LONG);
        const strangers = await Promise.all(Array.from({ length: 20 }, (_, i) => ask(`/@nobody-${n}-${i}`)));
        for (const answer of strangers) expect("an address that must be looked up", answer, 503, AT_ONCE);
        if (!strangers.every(({ wait }) => Number(wait) > 0)) throw new Error("a 503 does not say when to ask again");
        if (!strangers.every(({ text }) => text.includes("<html") && text.includes('id="site-bar"'))) throw new Error("a 503 is not in the site's design");
        for (const [who, cookie] of Object.entries(kept)) {
          for (const address of pages) expect(`${address} for a ${who}`, await ask(address, { cookie }), 200, AT_ONCE);
        }
        expect("a comment", await comment("into the void"), 503, AT_ONCE);
        expect("/healthz", await ask("/healthz"), 200, AT_ONCE);
        // A proof is good for a second.
        await until("it is not ready", async () => (await ask("/readyz")).status === 503, 2);
        expect("/readyz", await ask("/readyz"), 503, AT_ONCE);

        await postgres.resume();
        const begun = Date.now();
        await until("it is ready again", async () => (await ask("/readyz")).status === 200, 10);
        const back = Date.now() - begun;
        await until("a comment is taken", async () => (await comment(`after ${n}`)).status === 303, 5);
        expect("an address that must be looked up", await ask(`/@nobody-${n}`), 404, 5_000);
        await until("the comment is on the page", async () => (await ask(`/article/${id}`)).text.includes(`after ${n}`), 10);
        return `the first 503 after ${first.took} ms; back ${back} ms after the database`;
      });
      if (child.end) throw new Error(`the server ended: ${child.err.trim()}`);
    }
    await round("database hangs", async () => {
      for (const address of pages) expect(address, await ask(address), 200, 10_000);
      postgres.hang();
      let first;
      try {
        const strangers = await Promise.all(Array.from({ length: 20 }, (_, i) => ask(`/@hangs-${i}`)));
        first = Math.max(...strangers.map(({ took }) => took));
        for (const answer of strangers) expect("an address that must be looked up", answer, 503, HANGING);
        for (const [who, cookie] of Object.entries(kept)) {
          for (const address of pages) expect(`${address} for a ${who}`, await ask(address, { cookie }), 200, cookie ? HANGING : AT_ONCE);
        }
        expect("a comment", await comment("into the void"), 503, HANGING);
        expect("/healthz", await ask("/healthz"), 200, AT_ONCE);
        await until("it is not ready", async () => (await ask("/readyz")).status === 503, 10);
      } finally {
        postgres.unhang();
      }
      const begun = Date.now();
      await until("a comment is taken", async () => (await comment("after it hung")).status === 303, 20);
      return `the slowest 503 after ${first} ms; back ${Date.now() - begun} ms after the database`;
    });
    await round("another database in its place", async () => {
      for (const address of pages) expect(address, await ask(address), 200, 10_000);
      // What is kept of the log is its end, and each answer that fails is a line.
      let log = "";
      child.stderr.on("data", (chunk) => (log += chunk));
      await postgres.pause();
      await postgres.replace();
      const end = Date.now() + 5_000;
      let asked = 0;
      while (Date.now() < end) {
        // Not 404: what is not in the other is not gone.
        expect("an address that must be looked up", await ask(`/@nobody-elsewhere-${asked++}`), 503, FIRST);
        expect("a comment", await comment("to another"), 503, FIRST);
        await sleep(100);
      }
      for (const address of pages) expect(address, await ask(address), 200, AT_ONCE);
      if (!log.includes("another database answers")) throw new Error("the log does not say why");
      await postgres.pause();
      await postgres.resume();
      await until("a comment is taken", async () => (await comment("after another")).status === 303, 20);
      expect("an address that must be looked up", await ask("/@nobody-after"), 404, 5_000);
      return `${asked} times refused while it was there`;
    });
    if (child.end) throw new Error(`the server ended: ${child.err.trim()}`);
  } finally {
    if (child) await stop(child, "SIGKILL");
    await postgres.stop();
  }
}
