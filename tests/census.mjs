// What a running site shows to everybody, counted in as many ways as there are: all ways must come to the same.

import { until } from "./lib.mjs";

/** Asks the site at `url`; anything but success is an error with what was said. */
export function client(url, token) {
  const ask = async (method, address, body) => {
    const headers = { ...(token && { authorization: `Bearer ${token}` }), ...(body && { "content-type": "application/json" }) };
    const answer = await fetch(url + address, { method, headers, body: body && JSON.stringify(body), redirect: "error" });
    const text = await answer.text();
    if (!answer.ok) throw Object.assign(new Error(`${method} ${address}: ${answer.status} ${text.slice(0, 200)}`), { status: answer.status });
    return text;
  };
  return {
    text: (address) => ask("GET", address),
    get: async (address) => JSON.parse(await ask("GET", address)),
    send: async (method, address, body = {}) => JSON.parse(await ask(method, address, body)),
    async all(address) {
      const items = [];
      for (let next = ""; next !== null; ) {
        const page = JSON.parse(await ask("GET", `${address}${address.includes("?") ? "&" : "?"}limit=100${next && `&cursor=${encodeURIComponent(next)}`}`));
        items.push(...page.items);
        next = page.next;
      }
      return items;
    },
  };
}

/**
 * Counts articles by list, channel, author, sitemap and search, and comments by card and thread; reads `sample` pages. `word` stands in
 * the articles whose titles begin with `mark`. Fails with the first thing that does not agree; gives the articles of that mark.
 */
export async function census(url, { word, mark, sample = 12 }) {
  const site = client(url);
  const articles = await site.all("/api/v1/articles");
  const ids = new Set(articles.map(({ id }) => id));
  const same = (what, got, want) => {
    if (got !== want) throw new Error(`${what}: ${got}, not ${want}`);
  };
  same("articles in the list, each once", ids.size, articles.length);

  const { items: channels } = await site.get("/api/v1/channels");
  const inChannels = (await Promise.all(channels.map(({ slug }) => site.all(`/api/v1/articles?channel=${slug}`)))).flat();
  same("articles in all channels", inChannels.length, articles.length);

  const byAuthor = {};
  for (const { author } of articles) byAuthor[author.handle] = (byAuthor[author.handle] ?? 0) + 1;
  for (const [handle, own] of Object.entries(byAuthor)) {
    same(`articles that @${handle} counts`, (await site.get(`/api/v1/authors/${encodeURIComponent(handle)}`)).articles, own);
    same(`articles in the list of @${handle}`, (await site.all(`/api/v1/articles?author=${encodeURIComponent(handle)}`)).length, own);
  }

  const mapped = [...(await site.text("/sitemap.xml")).matchAll(/<loc>[^<]*\/article\/([^<]+)<\/loc>/g)].map((found) => found[1]);
  same("articles in the sitemap", mapped.filter((id) => ids.has(id)).length, articles.length);
  same("other articles in the sitemap", mapped.filter((id) => !ids.has(id)).length, 0);

  const marked = articles.filter(({ title }) => title.startsWith(mark));
  const begun = Date.now();
  await until(`search finds all ${marked.length} articles`, async () => (await site.get(`/api/v1/search?q=${word}&limit=1`)).total === marked.length);
  const caughtUp = Date.now() - begun;

  const step = Math.max(1, Math.floor(marked.length / sample));
  for (const { id, comments } of marked.filter((_, n) => n % step === 0)) {
    if (!(await site.text(`/article/${id}`)).includes(word)) throw new Error(`/article/${id} does not show its text`);
    same(`comments under ${id}`, (await site.all(`/api/v1/articles/${id}/comments`)).length, comments);
  }
  const newest = articles[0];
  if (newest) {
    await until("the front lists name the newest article", async () => {
      for (const address of ["/latest", "/feed.xml"]) if (!(await site.text(address)).includes(newest.id)) return false;
      return true;
    });
  }
  return { marked, caughtUp, comments: marked.reduce((sum, { comments }) => sum + comments, 0) };
}
