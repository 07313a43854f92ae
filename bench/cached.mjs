// An article page that is ready, against nginx with the same gzip bytes. Runs alternate, and who goes first alternates too.

import { gunzipSync } from "node:zlib";

import { BROWSER, load } from "./load.mjs";
import * as nginx from "./nginx.mjs";
import { copy, get, newest, serve } from "./site.mjs";
import { ratio, spread } from "./figures.mjs";

const ASKS = { "Accept-Encoding": "gzip" };

export async function measure({ demoData, size }) {
  const data = copy(demoData);
  const site = await serve(data);
  let reference;
  try {
    const [{ id }] = await newest(site.url, 1);
    const address = `/article/${id}`;
    const page = await get(site.url + address, { ...BROWSER, ...ASKS });
    if (page.status !== 200 || page.headers["content-encoding"] !== "gzip") throw new Error("no gzip page to compare");

    const found = { byline: [], nginx: [] };
    const sides = [["byline", site.url, address]];
    if (nginx.version()) {
      reference = await nginx.servePage(gunzipSync(page.body), page.body);
      const theirs = await get(reference.url + reference.address, ASKS);
      if (!theirs.body.equals(page.body)) throw new Error("nginx does not serve the same bytes");
      sides.push(["nginx", reference.url, reference.address]);
    }
    for (const [, url, where] of sides) await load(url, [where], size.warm, ASKS);
    for (let n = 0; n < size.rounds; n++) {
      for (const [name, url, where] of n % 2 ? [...sides].reverse() : sides) {
        found[name].push(await load(url, [where], size.seconds, ASKS));
      }
    }
    const of = (side, name) => found[side].map((run) => run[name]);
    const row = (what, name, unit = "", target, good) => {
      const value = spread(of("byline", name), unit);
      if (!reference) return { what, value };
      const stands = ratio(of("byline", name), of("nginx", name));
      return { what, value, reference: `nginx ${spread(of("nginx", name), unit)}`, ratio: stands, target, good: good?.(stands) };
    };
    return {
      title: "Cached article page",
      how:
        `The newest article of the demo, ${page.body.length.toLocaleString("en-US")} bytes of gzip, page cache and all else as it comes. ` +
        (reference
          ? `Reference: nginx ${nginx.version()} with two workers, \`gzip_static\`, \`sendfile\`, \`open_file_cache\`, no access log, ` +
            "the same bytes and none of Byline's security headers. "
          : "**nginx is missing: nothing to compare with.** ") +
        `${size.rounds} alternating runs of ${size.seconds} s each.`,
      rows: [
        row("answers a second", "perSecond", "", "≥ 1", (n) => n >= 1),
        row("median time", "p50", " ms"),
        row("99th percentile", "p99", " ms", "≤ 1", (n) => n <= 1),
        row("bytes of an answer", "size"),
      ],
    };
  } finally {
    await reference?.stop();
    await site.stop();
  }
}
