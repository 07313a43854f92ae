// Telling people: thousands of open pages that one process holds, and an author whom a hundred thousand follow.

import { spawnSync } from "node:child_process";
import http from "node:http";
import path from "node:path";

import { client } from "../tests/census.mjs";
import { ROOT, sleep, until } from "../tests/lib.mjs";
import { atMost, digits, median, spread } from "./figures.mjs";
import { desk, seeded } from "./generate.mjs";
import { BROWSER } from "./load.mjs";
import { byline, copy, done, memory, newest, serve } from "./site.mjs";

/** One user has so many pages open that are told, and of one address so many connections are sure of a place. */
const [PAGES, OF_ONE] = [8, 120];
/** What the pages may take together, in MB; what an answer may take to another page; and publishing; and until all are told. */
const [MEMORY, ANSWER, PUBLISH, TOLD] = [150, 1_000, 50, 60_000];
const WRITER = "mara";
/** Longer than this something hangs. */
const PATIENCE = 120_000;

const crowd = path.join(process.env.CARGO_TARGET_DIR ?? path.join(ROOT, "target"), "release", "examples", "crowd");

/** People who follow the writer's author; the sessions of the first, and of the last of all. */
function people(data, count, signedIn) {
  const made = spawnSync(crowd, [`sqlite:${path.join(data, "byline.db")}`, WRITER, String(count), String(signedIn)], { encoding: "utf8", timeout: PATIENCE });
  if (made.status !== 0) throw new Error(`nobody could be made up: ${made.error?.message ?? made.stderr.trim()} (cargo build --release -p testing --example crowd)`);
  return made.stdout.trim().split("\n");
}

/** An open page: the numbers that it is told. */
class Page {
  unread = null;

  constructor(url, token, n) {
    const headers = { ...BROWSER, accept: "text/event-stream", cookie: `session=${token}` };
    // From one address of this machine after the other, as the server gives each only a share of its connections.
    const localAddress = `127.0.0.${2 + Math.floor(n / OF_ONE)}`;
    this.request = http.get(`${url}/-/notifications`, { agent: false, headers, localAddress }, (answer) => {
      this.status = answer.statusCode;
      answer.setEncoding("utf8");
      answer.on("data", (text) => {
        for (const [, number] of text.matchAll(/^data: (\d+)$/gm)) {
          this.unread = Number(number);
          this.heard?.(performance.now());
        }
      });
      answer.on("error", () => {});
    });
    this.request.on("error", (error) => (this.error = error));
  }

  /** When it is told next. */
  next() {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error("an open page was told nothing")), PATIENCE);
      this.heard = (at) => (clearTimeout(late), resolve(at));
    });
  }

  close() {
    this.request.destroy();
  }
}

/** Sends a form as a browser in which somebody is signed in; the address that it is led to. */
function post(url, token, form) {
  const body = new URLSearchParams(form).toString();
  const headers = { ...BROWSER, cookie: `session=${token}`, "content-type": "application/x-www-form-urlencoded", "content-length": Buffer.byteLength(body), "sec-fetch-site": "same-origin" };
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method: "POST", headers, agent: false }, (answer) => {
      answer.resume();
      answer.on("end", () => (answer.statusCode === 303 ? resolve(answer.headers.location) : reject(new Error(`a comment: ${answer.statusCode}`))));
    });
    request.on("error", reject).end(body);
  });
}

async function comment(url, article, token, text, parent) {
  const to = await post(`${url}/article/${article}/comments`, token, { text, parent: parent ?? "" });
  return to.match(/#comment-(\w+)/)[1];
}

export async function measure({ demoData, size }) {
  const data = copy(demoData);
  const { listeners, followers, answers, publications } = size.notify;
  const users = Math.ceil(listeners / PAGES);
  const sessions = people(data, followers, users);
  const last = sessions.pop();
  const token = JSON.parse(await done(byline("token", "create", WRITER, "--name", "bench", "--json", "--data", data), 60)).token;
  const site = await serve(data);
  const pages = [];
  try {
    const article = (await newest(site.url, 1))[0].id;
    // What the server takes by itself is there: it has answered, and caches are warm.
    await comment(site.url, article, sessions[0], "Which lamp was it?");
    await sleep(2_000);
    const before = memory(site.child).now;
    for (let n = 0; n < listeners; n++) {
      pages.push(new Page(site.url, sessions[Math.floor(n / PAGES)], n));
      if (n % 100 === 99) await until("the pages are open", () => pages.every((page) => page.unread !== null || page.error), PATIENCE / 1_000);
    }
    const lost = pages.filter((page) => page.error || page.status !== 200);
    if (lost.length) throw new Error(`${lost.length} pages are not told: ${lost[0].error?.message ?? lost[0].status}`);
    await sleep(1_000);
    const held = memory(site.child).now - before;

    // People are answered who have pages open in the midst of all the others; each writes once, as nobody may write without end.
    const times = [];
    for (let n = 0; n < answers; n++) {
      const own = await comment(site.url, article, sessions[n + 1], `Which lamp was it, number ${n}?`);
      const heard = pages[(n + 1) * PAGES].next();
      const sent = performance.now();
      await comment(site.url, article, sessions[Math.floor(users / 2) + n + 1], `The brass one, number ${n}.`, own);
      times.push((await heard) - sent);
      await sleep(300);
    }
    const still = pages.filter((page) => !page.error).length;
    for (const page of pages) page.close();

    const writer = client(site.url, token);
    const pen = desk(seeded(5), "en");
    const [published, told] = [[], []];
    // The last of all, who is told when everybody else was.
    const end = new Page(site.url, last, 0);
    pages.push(end);
    await until("the last one listens", () => end.unread !== null, 30);
    for (let n = 0; n < publications; n++) {
      const words = [`xunotify${n}lamp`];
      const { id } = await writer.send("POST", "/api/v1/articles", { title: pen.title("tech", words), body: pen.text("tech", words), channel: "tech", language: "en" });
      const heard = end.next();
      const begun = performance.now();
      await writer.send("POST", `/api/v1/articles/${id}/submit`);
      published.push(performance.now() - begun);
      told.push((await heard) - begun);
    }
    const count = (n) => n.toLocaleString("en-US");
    return {
      title: "Notifications",
      how:
        `${count(listeners)} open pages of ${count(users)} people are told by one process (\`/-/notifications\`, server-sent events). ${answers} of them are answered. ` +
        `Then an author whom ${count(followers)} follow publishes ${publications} articles: told are all when the last of them is.`,
      rows: [
        atMost(`memory for ${count(listeners)} open pages`, `${digits(held)} MiB`, held * 2 ** 20, MEMORY * 1e6, `${MEMORY} MB`),
        { what: "of these, open to the end", value: count(still), target: count(listeners), good: still === listeners },
        atMost("from an answer to the other page", spread(times, " ms"), Math.max(...times), ANSWER, `${ANSWER} ms`),
        atMost(`publishing to ${count(followers)} followers`, spread(published, " ms"), median(published), PUBLISH, `${PUBLISH} ms`),
        atMost("until all of them are told", spread(told.map((time) => time / 1_000), " s"), Math.max(...told), TOLD, `${TOLD / 1_000} s`),
      ],
    };
  } finally {
    for (const page of pages) page.close();
    await site.stop();
  }
}
