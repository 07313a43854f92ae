// A disk that is full, again and again, under a site that goes on: what was acknowledged is there, what was refused said so and is not, and
// writing works as soon as there is room.

import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readdirSync, rmSync, statSync, writeSync } from "node:fs";
import path from "node:path";
import { crc32, deflateSync } from "node:zlib";

import { sleep, stop, until } from "./lib.mjs";
import { canStart, startPostgres } from "./postgres.mjs";
import { site } from "./server.mjs";

const READERS = 20;
/** MiB of the file system. PostgreSQL begins with forty. A round leaves up to five articles of 200 KB, as written, as shown and as revision. */
const sizeFor = (name, rounds) => (name === "SQLite" ? 48 : 160) + 5 * rounds;

/** A file system of its own in `at`; false where this user may not make one. */
function mount(at, megabytes) {
  mkdirSync(at);
  return spawnSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m,mode=0755`, "tmpfs", at], { stdio: "ignore" }).status === 0;
}

/** Writes until nothing more fits, in ever smaller pieces. */
function fill(file) {
  const descriptor = openSync(file, "a");
  for (const size of [1 << 20, 4096, 1]) {
    for (;;) {
      try {
        if (writeSync(descriptor, Buffer.alloc(size, 120)) < size) break;
      } catch (error) {
        if (error.code !== "ENOSPC") throw error;
        break;
      }
    }
  }
  closeSync(descriptor);
}

/** A picture that nobody has seen (PNG, 48 by 48 pixels). */
function picture(random) {
  const side = 48;
  const chunk = (kind, data) => {
    const named = Buffer.concat([Buffer.from(kind), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(named));
    return Buffer.concat([length, named, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const line = () => Buffer.from([0, ...Array.from({ length: side * 3 }, () => Math.floor(random() * 256))]);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: side }, line)));
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", header), chunk("IDAT", pixels), chunk("IEND", Buffer.alloc(0))]);
}

/** What one round of writing is made of. Each way says what was sent, and what is there of it if it was taken. */
function ways({ url, token, cookie, article, draft, random, tell }) {
  const json = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  let next = tell.next;
  const noted = (kind, name, answer, id) => {
    tell.next = next;
    if (answer.status < 400) tell.taken.push({ kind, name, id });
    else if (answer.status >= 500) tell.refused.push({ kind, name });
    else throw new Error(`${kind}: ${answer.status}`);
    return answer.status;
  };
  return {
    async comment() {
      const name = `remark ${next++} ${"of a reader ".repeat(60)}`;
      const answer = await fetch(`${url}/article/${article}/comments`, {
        method: "POST",
        body: new URLSearchParams({ text: name }),
        headers: { cookie },
        redirect: "manual",
      });
      await answer.arrayBuffer();
      return noted("comment", name.trim(), answer);
    },
    async article() {
      const name = `Full ${next++}`;
      // Nothing that a database could make small.
      const body = randomBytes(150_000).toString("base64").replace(/.{50}/g, "$& ");
      const answer = await fetch(`${url}/api/v1/articles`, { method: "POST", headers: json, body: JSON.stringify({ title: name, body, channel: "city" }) });
      const said = await answer.json();
      return noted("article", name, answer, said.id);
    },
    /** Goes on with the one article that is there from the beginning, as its author does over and over. */
    async save() {
      const name = `Saved ${next++}`;
      const version = (await (await fetch(`${url}/api/v1/articles/${draft}`, { headers: json })).json()).desk.version;
      const body = randomBytes(6_000).toString("base64").replace(/.{50}/g, "$& ");
      const answer = await fetch(`${url}/api/v1/articles/${draft}`, { method: "PUT", headers: json, body: JSON.stringify({ title: name, body, channel: "city", version }) });
      await answer.arrayBuffer();
      return noted("save", name, answer, draft);
    },
    async upload() {
      const form = new FormData();
      form.set("file", new Blob([picture(random)], { type: "image/png" }), "a.png");
      const answer = await fetch(`${url}/api/v1/media`, { method: "POST", headers: { authorization: json.authorization }, body: form });
      const said = await answer.json();
      return noted("upload", `picture ${next++}`, answer, said.hash);
    },
  };
}

/** Whether all that was acknowledged (since the one with number `from`) is there, and nothing that was refused. */
async function check({ url, token, article, data, tell }, from = 0) {
  const get = async (address) => {
    for (let patience = 70; ; patience--) {
      const answer = await fetch(url + address, { headers: { authorization: `Bearer ${token}` } });
      if (answer.ok) return answer.json();
      if (answer.status !== 429 || !patience) throw new Error(`GET ${address}: ${answer.status}`);
      await sleep(1_000);
    }
  };
  const comments = new Set();
  for (let cursor = ""; cursor !== null; ) {
    const page = await get(`/api/v1/articles/${article}/comments?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    for (const floor of page.items) comments.add(floor.text.trim());
    cursor = page.next;
  }
  const lost = [];
  for (const { kind, name, id } of tell.taken.slice(from)) {
    if (kind === "comment" && !comments.has(name)) lost.push(name.slice(0, 12));
    if (kind === "article" && (await get(`/api/v1/articles/${id}`)).title !== name) lost.push(name);
    if (kind === "upload") {
      const folder = path.join(data, "media", "objects", id.slice(0, 2), id);
      const files = existsSync(folder) ? readdirSync(folder) : [];
      if (!files.length || files.some((file) => statSync(path.join(folder, file)).size === 0)) lost.push(`${name} (${files.length} files)`);
    }
  }
  if (lost.length) throw new Error(`acknowledged, but not there: ${lost.join(", ")}`);
  const last = tell.taken.findLast(({ kind }) => kind === "save");
  if (last && (await get(`/api/v1/articles/${last.id}`)).title !== last.name) throw new Error(`${last.name} was acknowledged last, but is not what stands there`);
  const torn = tell.refused.filter(({ kind, name }) => kind === "comment" && comments.has(name));
  if (torn.length) throw new Error(`refused, but there: ${torn.map(({ name }) => name.slice(0, 12)).join(", ")}`);
}

async function diskRound(place) {
  const { at, tell } = place;
  const doing = ways(place);
  const order = Object.keys(doing).sort(() => place.random() - 0.5);
  fill(path.join(at, "ballast"));
  const before = tell.taken.length;
  const failed = {};
  // Some still fit, into what the database had already: on until two of each are refused, or none is for long.
  for (let turn = 0; turn < 24 && order.some((kind) => (failed[kind] ?? 0) < 2); turn++) {
    const kind = order[turn % order.length];
    if (kind === "comment" && turn >= 15) continue;
    if ((await doing[kind]()) >= 500) failed[kind] = (failed[kind] ?? 0) + 1;
  }
  const refused = Object.values(failed).reduce((sum, n) => sum + n, 0);
  if (!refused) throw new Error("nothing was refused, though the disk was full");
  // Where a comment had no room on SQLite, the proofs (one a second) have soon used up what is left for them. PostgreSQL writes each into the row
  // of the one before, for which there is room.
  let full;
  const ready = async () => (full = (await fetch(`${place.url}/readyz`)).status) === 200;
  if (place.proves && failed.comment) await until("it is not ready while the disk is full", async () => !(await ready()), 20);
  else await ready();
  const during = tell.taken.length - before;

  rmSync(path.join(at, "ballast"));
  const begun = Date.now();
  await until("there is room, and a comment is taken", async () => (await doing.comment()) < 400, 10);
  const back = Date.now() - begun;
  for (const kind of ["article", "save", "upload", "comment", "article"]) {
    const status = await doing[kind]();
    if (status >= 400) throw new Error(`there was room, but ${kind} answered ${status}`);
  }
  await until("it is ready", async () => (await fetch(`${place.url}/readyz`)).ok, 5);
  await check(place, before);
  return `${refused} refused, ${during} fitted, /readyz ${full} meanwhile; writing again after ${back} ms; all ${tell.taken.length} acknowledged are there`;
}

/** One database: rounds without a restart, then a restart, and search has all that came out. */
async function on(name, { folder, rounds, round, random }) {
  const { serve, author, user, reader } = site(folder);
  // The user that PostgreSQL runs as must come through.
  chmodSync(folder, 0o711);
  const at = path.join(folder, `disk-${name}`);
  if (!mount(at, sizeFor(name, rounds))) return [[`full disk on ${name}`, "run it as root, who may mount a file system"]];
  let postgres, child;
  try {
    const home = path.join(at, "tables");
    if (name !== "SQLite") mkdirSync(home);
    postgres = name === "SQLite" ? undefined : await startPostgres({ home });
    const data = path.join(at, "data");
    mkdirSync(data);
    const settings = { BYLINE_REVIEW: "false", ...(postgres && { BYLINE_DATABASE: postgres.url }) };
    const token = await author(data, settings);
    for (let n = 0; n < READERS; n++) await user(`reader-${n}`, data, settings);
    let running = await serve(["serve", "--data", data], settings);
    child = running.child;
    const send = async (address, body) => {
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      const answer = await fetch(running.url + address, { method: "POST", headers, body: JSON.stringify(body) });
      if (!answer.ok) throw new Error(`POST ${address}: ${answer.status}`);
      return answer.json();
    };
    const { id: article } = await send("/api/v1/articles", { title: "Under it all", body: "The diskmark stands.", channel: "city" });
    await send(`/api/v1/articles/${article}/submit`, {});
    const cookies = [];
    for (let n = 0; n < READERS; n++) cookies.push(await reader(running.url, `reader-${n}`));
    const { id: draft } = await send("/api/v1/articles", { title: "Gone on with", body: "Again and again.", channel: "city" });
    const place = { at, data, token, article, draft, random, proves: name === "SQLite", url: running.url, tell: { next: 1, taken: [], refused: [] } };
    for (let n = 1; n <= rounds; n++) {
      await round(`full disk ${n} on ${name}`, () => diskRound({ ...place, cookie: cookies[n % READERS] }));
      if (child.end) throw new Error(`the server ended: ${child.err.trim()}`);
      await sleep(50);
    }
    await round(`full disk on ${name}: what was missed is caught up with, and all is there after a restart`, async () => {
      const { id } = await send("/api/v1/articles", { title: "After it all", body: "The diskmark stands still.", channel: "city" });
      await send(`/api/v1/articles/${id}/submit`, {});
      const found = async (url) => (await (await fetch(`${url}/api/v1/search?q=diskmark`)).json()).total === 2;
      await until("search finds what is new", () => found(running.url), 20);
      await stop(child, "SIGKILL");
      running = await serve(["serve", "--data", data], settings);
      child = running.child;
      await check({ ...place, url: running.url });
      await until("search finds it after the restart", () => found(running.url), 20);
      return `${place.tell.taken.length} acknowledged, ${place.tell.refused.length} refused`;
    });
  } finally {
    if (child) await stop(child, "SIGKILL");
    await postgres?.stop();
    spawnSync("umount", [at], { stdio: "inherit" });
  }
  return [];
}

/** Gives what had to be left out, each with how to include it. */
export async function fullDisk(options) {
  const missing = await on("SQLite", options);
  if (canStart()) missing.push(...(await on("PostgreSQL", options)));
  else missing.push(["full disk on PostgreSQL", "install PostgreSQL"]);
  return missing;
}
