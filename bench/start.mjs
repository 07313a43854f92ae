// How soon a site answers, and what it holds in memory once all its pages were read.

import { statSync } from "node:fs";

import { BROWSER, load } from "./load.mjs";
import { BYLINE, copy, get, memory, newest, serve } from "./site.mjs";
import * as pace from "./pace.mjs";
import { atMost, digits, median, spread } from "./figures.mjs";

export async function measure({ demoData, size }) {
  const data = copy(demoData);
  const answers = [];
  for (let n = 0; n < size.starts; n++) {
    const site = await serve(data);
    answers.push(site.firstAnswer);
    await site.stop();
  }

  const { idle, warm, articles } = await readAll(data, size.seconds);
  const binary = statSync(BYLINE).size / 2 ** 20;
  return {
    title: "Start and memory",
    how:
      `\`byline serve\` on the demo (${articles.length} articles): from starting the program to the first 200 on \`/\`, ${size.starts} times. ` +
      "Then every article, the main lists and two searches are read in three codings, and all but the searches asked for under load.",
    rows: [
      atMost("first answer", spread(answers, " ms"), median(answers), pace.time(500), `${digits(pace.time(500))} ms`),
      atMost("resident memory, warm", `${digits(warm.now)} MiB`, warm.now * 2 ** 20, 150e6, "150 MB"),
      { what: "of that, not backed by files", value: `${digits(warm.own)} MiB` },
      { what: "resident memory after the first answer", value: `${digits(idle.now)} MiB` },
      { what: "the program, stripped", value: `${digits(binary)} MiB` },
    ],
  };
}

/** Has every page read in every coding, and then all under load: memory before and after. */
async function readAll(data, seconds) {
  const site = await serve(data);
  try {
    const idle = memory(site.child);
    const articles = (await newest(site.url, Infinity)).map(({ id }) => `/article/${id}`);
    const lists = ["/", "/latest", "/hot", "/feed.xml", "/sitemap.xml", "/rules"];
    const searches = ["/search?q=water", "/search?q=城市"].map(encodeURI);
    const addresses = [...lists, ...articles];
    for (const coding of ["identity", "gzip", "br"]) {
      for (const address of [...searches, ...addresses]) {
        const { status } = await get(site.url + address, { ...BROWSER, "Accept-Encoding": coding });
        if (status !== 200) throw new Error(`${address}: ${status}`);
      }
    }
    // Not searches: one network may ask only so many a minute.
    await load(site.url, addresses, seconds, { "Accept-Encoding": "gzip" });
    return { idle, warm: memory(site.child), articles };
  } finally {
    await site.stop();
  }
}
