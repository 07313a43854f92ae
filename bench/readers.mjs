// Reads by the million, as people read: for some minutes, mostly in one channel, mostly what is new, and much of a little.
//
// Each line says that somebody (`user`) opened an article of `generate.mjs` at a time. Everything is drawn by the same numbers each
// time; only the times move with the clock.

import { CHANNELS } from "./words.mjs";
import { seeded, writeLines } from "./generate.mjs";

/** Over so many days before now. */
const DAYS = 30;
const DAY = 86_400_000;
/** Reads for each reader, on average. */
const EACH = 40;
/** Who reads on stays in the channel this often. */
const STAYS = 0.8;

/**
 * `count` reads of articles that were published evenly between two times; `channels`: of each article, its channel's number. In the
 * order of time, but for the minutes of a visit.
 */
export function* reads(count, channels, { first, last }) {
  const random = seeded(2);
  const of = CHANNELS.map(() => []);
  channels.forEach((channel, n) => of[channel].push(n));
  const readers = Math.max(1, Math.floor(count / EACH));
  const each = (last - first) / channels.length;
  const from = last - DAYS * DAY;

  /** How old what is read is, in milliseconds: mostly of today, some of all there is. */
  const age = () => {
    const kind = random();
    const most = kind < 0.6 ? DAY : kind < 0.85 ? 7 * DAY : kind < 0.95 ? 60 * DAY : last - first;
    return most * random();
  };
  /** An article of a channel that was there at a time: of all that are about as old, some are read by most. */
  const drawn = (articles, now) => {
    const at = Math.max(0, Math.min(now - age(), now) - first) / each;
    let [low, high] = [0, articles.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (articles[middle] < at) low = middle + 1;
      else high = middle;
    }
    const block = 64;
    const begin = low - (low % block);
    const chosen = articles[Math.min(begin + Math.floor(block * random() ** 3), low)];
    return chosen;
  };

  for (let n = 0; n < count; ) {
    let now = from + ((last - from) * n) / count;
    const reader = Math.floor(readers * random() ** 1.5);
    let channel = Math.floor(CHANNELS.length * random() ** 1.3);
    for (let visit = 1 + Math.floor(-2 * Math.log(1 - random())); visit > 0 && n < count; visit--, n++) {
      if (of[channel].length) yield `${Math.floor(now / 1000)},reader-${reader},made-${drawn(of[channel], now)},read\n`;
      now = Math.min(now + 10_000 + 200_000 * random(), last);
      if (random() > STAYS) channel = Math.floor(CHANNELS.length * random());
    }
  }
}

/** Writes them as `byline import reads` takes them; gives the size of the file in bytes. */
export function writeReads(count, channels, span, file) {
  const lines = (function* () {
    yield "time,user,item,action\n";
    yield* reads(count, channels, span);
  })();
  return writeLines(lines, file);
}
