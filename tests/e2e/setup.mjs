// Before the first test: waits until the search index has caught up, signs the demo's people in, and notes what there is to visit.

import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import { request } from "@playwright/test";

import { E2E, until } from "../lib.mjs";
import { PASSWORD, PEOPLE, stateOf } from "./site.mjs";

export default async function setup(config) {
  const { baseURL } = config.projects[0].use;
  mkdirSync(path.join(E2E, "out", "state"), { recursive: true });
  const visitor = await request.newContext({ baseURL });
  const json = async (address, context = visitor) => (await context.get(address)).json();

  const articles = [];
  for (let next = ""; next !== null; ) {
    const page = await json(`/api/v1/articles?limit=100&cursor=${encodeURIComponent(next)}`);
    articles.push(...page.items);
    next = page.next;
  }
  await until("the index holds the newest article", async () => {
    const found = await json(`/api/v1/search?q=${encodeURIComponent(articles[0].title)}`);
    return found.items.some((hit) => hit.article.id === articles[0].id);
  });

  const people = {};
  for (const handle of PEOPLE) {
    people[handle] = await request.newContext({ baseURL });
    const answer = await people[handle].post("/login", { form: { handle, password: PASSWORD, return: "/about" } });
    if (!answer.ok()) throw new Error(`${handle} cannot sign in: ${answer.status()}`);
    await people[handle].storageState({ path: stateOf(handle) });
  }

  // The one that most people talk about, in each language.
  const most = (language) => articles.filter((a) => a.language.startsWith(language)).sort((a, b) => b.comments - a.comments)[0];
  const [zh, en] = [most("zh"), most("en")];
  const site = { zh: zh.id, en: en.id, author: zh.author.handle, tag: (await json(`/api/v1/articles/${en.id}`)).tags[0] };
  Object.assign(site, await desks(people), await editors(people), await talk(people, en.id));
  // Beside the authors whom the demo has them follow.
  for (const subject of ["/channel/science", `/tag/${encodeURIComponent(site.tag)}`, "/topic/awake-at-night"]) {
    const answer = await people.reader.post(`${subject}/follow`, { form: { return: "/about" } });
    if (!answer.ok()) throw new Error(`the reader cannot follow ${subject}: ${answer.status()}`);
  }
  writeFileSync(path.join(E2E, "out", "site.json"), JSON.stringify(site));
  for (const context of [visitor, ...Object.values(people)]) await context.dispose();
}

/** A comment that somebody else than the reader wrote, and the handle of somebody who has a page. */
async function talk({ reader }, article) {
  const page = await (await reader.get(`/article/${article}/comments`)).text();
  for (const [, comment] of page.matchAll(/href="\/comment\/(\w+)\/mute"/g)) {
    if (!(await reader.get(`/comment/${comment}/mute`)).ok()) continue;
    // And somebody whose name leads to a page of their own.
    const [, talker] = page.match(/href="(?:\/|&#x2f;)user(?:\/|&#x2f;)([^"/&]+)"/) ?? [];
    if (talker) return { comment, talker };
  }
  throw new Error(`nobody of this site said anything under ${article}`);
}

/** Something in a slot, and a topic, that the demo's editor chose. */
async function editors({ editor }) {
  const first = async (address, pattern) => (await (await editor.get(address)).text()).match(pattern)[1];
  return { placed: await first("/admin/headlines/home", /data-id="(\w+)"/), topic: await first("/admin/topics", /href="\/admin\/topics\/(\w+)"/) };
}

/** An article in each state that the demo does not show: taken back, begun, waiting for review. */
async function desks({ mara, linqiu }) {
  const write = async (person, what, deed) => {
    const sheet = { title: `For the tests: ${what}`, body: "A light on the quay.\n\n## And a second\n\n- one\n- two", format: "markdown", channel: "city", do: deed };
    const answer = await person.post("/studio/new", { multipart: sheet });
    const [, id, done] = answer.url().match(/\/studio\/article\/(\w+)\?done=(\w+)/) ?? [];
    if (!id) throw new Error(`the studio did not take an article: ${answer.status()} ${answer.url()}`);
    return { id, done };
  };
  const [draft, waiting, gone] = [await write(mara, "begun", "save"), await write(mara, "waiting", "submit"), await write(linqiu, "taken back", "submit")];
  if (waiting.done !== "submitted" || gone.done !== "published") throw new Error(`a reviewer is asked about ${waiting.done} and ${gone.done}`);
  const taken = await linqiu.post(`/studio/article/${gone.id}/retract`);
  if (!taken.url().endsWith("done=retracted")) throw new Error(`the studio did not take it back: ${taken.status()} ${taken.url()}`);
  return { draft: draft.id, waiting: waiting.id, gone: gone.id };
}
