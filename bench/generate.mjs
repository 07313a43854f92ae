// Articles by the thousand in Byline's import format: half Chinese, half English, 1 KB of text each, one in fifty nearly a copy of
// an earlier one. The same number of articles is the same file, byte for byte.
//
//   node bench/generate.mjs COUNT FILE

import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { pathToFileURL } from "node:url";

import { CHANNELS, vocabulary } from "./words.mjs";

const BYTES = 1024;
const WRITERS = 1_000;
const COPIES = 0.02;
/** Texts of a language that may be copied: copies appear soon after, as they do with real ones. */
const REMEMBERED = 500;
const [FIRST, LAST] = [Date.UTC(2015, 0, 1), Date.UTC(2024, 11, 31)];

/** Stands in the title of the last article, and nowhere else. */
export const MARK = "Zwyxendal";

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32's mixing). */
export function seeded(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t ^= t + Math.imul(t ^ (t >>> 7), 61 | t);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const capital = (text) => text[0].toUpperCase() + text.slice(1);

/** Four sentences a paragraph. */
function paragraphs(sentences, chinese) {
  const text = [];
  for (let at = 0; at < sentences.length; at += 4) text.push(sentences.slice(at, at + 4).join(chinese ? "" : " "));
  return text.join("\n\n");
}

/** Writes in one language: `words` is that language's vocabulary. */
function writer(random, words, chinese) {
  const between = (low, high) => low + Math.floor(random() * (high - low + 1));

  /** One word of a text about `channel` in which the words of `own` come back. */
  const word = (channel, own) => {
    const kind = random();
    if (kind < 0.1) return own[Math.floor(random() * own.length)];
    if (kind < 0.25) return words.of[channel](random);
    return words.any(random);
  };
  const some = (count, channel, own) => Array.from({ length: count }, () => word(channel, own));

  const sentence = (channel, own) => {
    const clauses = Array.from({ length: between(1, 3) }, () => some(between(5, 9), channel, own).join(chinese ? "" : " "));
    return chinese ? `${clauses.join("，")}。` : `${capital(clauses.join(", "))}.`;
  };
  const title = (channel, own) => {
    const parts = [own[0], words.of[channel](random), ...some(between(2, 4), channel, own)];
    return chinese ? parts.join("") : capital(parts.join(" "));
  };
  return {
    sentence,
    title,
    text(channel, own) {
      const sentences = [];
      for (let bytes = 0; bytes < BYTES; bytes += Buffer.byteLength(sentences.at(-1))) sentences.push(sentence(channel, own));
      return sentences;
    },
    own: () => Array.from({ length: 6 }, () => words.rare(random)),
  };
}

/** A desk to write at in one language: titles, and texts in paragraphs. */
export function desk(random, language) {
  const at = writer(random, vocabulary(random)[language], language === "zh");
  return { title: at.title, text: (channel, own) => paragraphs(at.text(channel, own), language === "zh") };
}

/** `count` articles, one after the other, published evenly between two times (milliseconds since 1970). */
export function* articles(count, { first = FIRST, last = LAST } = {}) {
  const random = seeded(1);
  const words = vocabulary(random);
  const desks = { zh: writer(random, words.zh, true), en: writer(random, words.en, false) };
  const earlier = { zh: [], en: [] };
  for (let n = 0; n < count; n++) {
    const language = n % 2 ? "en" : "zh";
    const [at, before] = [desks[language], earlier[language]];
    let article;
    if (before.length && random() < COPIES) {
      // Sent in once more by somebody else, with one sentence of their own.
      const copied = before[Math.floor(random() * before.length)];
      const sentences = [...copied.sentences];
      sentences[Math.floor(random() * sentences.length)] = at.sentence(copied.channel, copied.own);
      article = { ...copied, sentences };
    } else {
      const channel = CHANNELS[Math.floor(random() * CHANNELS.length)];
      const own = at.own();
      article = { channel, own, title: at.title(channel, own), sentences: at.text(channel, own) };
      before.push(article);
      if (before.length > REMEMBERED) before.shift();
    }
    const who = Math.floor(WRITERS * random() ** 2);
    yield {
      id: `made-${n}`,
      author: `writer-${who}`,
      author_name: language === "zh" ? `写手${who}` : `Writer ${who}`,
      title: n === count - 1 ? `${article.title} ${MARK}` : article.title,
      text: paragraphs(article.sentences, language === "zh"),
      channel: article.channel,
      tags: [words[language].of[article.channel](random)],
      language,
      published_at: new Date(first + Math.floor(((last - first) * n) / count)).toISOString(),
    };
  }
}

/** Writes the file, as [`articles`] are made; gives its size in bytes, and the channel of each article by its number among `CHANNELS`. */
export async function write(count, file, span) {
  const channels = new Uint8Array(count);
  const lines = (function* () {
    let n = 0;
    for (const article of articles(count, span)) {
      channels[n++] = CHANNELS.indexOf(article.channel);
      yield `${JSON.stringify(article)}\n`;
    }
  })();
  return { bytes: await writeLines(lines, file), channels };
}

/** Writes lines to a file, as fast as it takes them; gives its size in bytes. */
export async function writeLines(lines, file) {
  const out = createWriteStream(file);
  let block = "";
  for (const line of lines) {
    block += line;
    if (block.length > 1 << 18) {
      if (!out.write(block)) await once(out, "drain");
      block = "";
    }
  }
  out.end(block);
  await once(out, "finish");
  return out.bytesWritten;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [count, file] = [Number(process.argv[2]), process.argv[3]];
  if (!Number.isInteger(count) || count < 1 || !file) {
    console.error("usage: node bench/generate.mjs COUNT FILE");
    process.exit(2);
  }
  console.log(`${count} articles, ${(await write(count, file)).bytes} bytes`);
}
