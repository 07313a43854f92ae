// Article pages that are drawn for each request: no page cache, another article each time.

import { load } from "./load.mjs";
import { newest, serve } from "./site.mjs";
import * as pace from "./pace.mjs";
import { atLeast, digits, median, spread } from "./figures.mjs";

const TARGET = 1_000;
/** Of a large site: so many that none of their lists and texts is at hand. */
const DIFFERENT = 5_000;

/** `data` is served, not copied: reading changes nothing but counts. `judged`: the target is for this site. */
export async function measure({ data, name, judged, size }) {
  const site = await serve(data, { page_cache: 0 });
  try {
    const articles = await newest(site.url, DIFFERENT);
    const addresses = articles.map(({ id }) => `/article/${id}`);
    const [runs, looks] = [{ plain: [], gzip: [] }, []];
    const codings = Object.keys(runs);
    const asks = (coding) => (coding === "gzip" ? { "Accept-Encoding": "gzip" } : {});
    await load(site.url, addresses, size.warm, asks("gzip"));
    for (let n = 0; n < size.rounds; n++) {
      for (const coding of n % 2 ? [...codings].reverse() : codings) {
        looks.push(await pace.look());
        runs[coding].push(await load(site.url, addresses, size.seconds, asks(coding)));
      }
    }
    // The machine as it was meanwhile.
    pace.use(looks);
    const rows = codings.flatMap((coding) => {
      const of = (figure) => runs[coding].map((run) => run[figure]);
      const perSecond = median(of("perSecond"));
      const what = `answers a second, ${coding === "gzip" ? "compressed each time" : "plain"}`;
      const value = spread(of("perSecond"));
      return [
        judged ? atLeast(what, value, perSecond, pace.rate(TARGET), digits(pace.rate(TARGET))) : { what, value },
        { what: `median and 99th percentile, ${coding}`, value: `${spread(of("p50"), " ms")}, ${spread(of("p99"), " ms")}` },
      ];
    });
    return {
      title: `Uncached article page, ${name}`,
      how: `\`page_cache = 0\`; ${addresses.length.toLocaleString("en-US")} articles in turn, ${size.rounds} alternating runs of ${size.seconds} s each.`,
      rows,
    };
  } finally {
    await site.stop();
  }
}
