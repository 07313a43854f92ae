// Files made to hurt whoever opens them, byte by byte, and texts of the same kind.

import { createDeflate, deflateSync } from "node:zlib";

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

function crc(bytes) {
  let c = 0xffffffff;
  for (const byte of bytes) c = TABLE[(c ^ byte) & 0xff] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc(body));
  return Buffer.concat([length, body, check]);
}

function png(width, height, between, pixels) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", head), ...between, chunk("IDAT", pixels), chunk("IEND", Buffer.alloc(0))]);
}

/** `bytes` zeros, deflated without ever standing in memory as a whole. */
async function zeros(bytes) {
  const deflate = createDeflate({ level: 9 });
  const out = [];
  deflate.on("data", (part) => out.push(part));
  const block = Buffer.alloc(4 << 20);
  for (let left = bytes; left > 0; left -= block.length) {
    if (!deflate.write(left < block.length ? block.subarray(0, left) : block)) await new Promise((go) => deflate.once("drain", go));
  }
  await new Promise((done) => {
    deflate.once("end", done);
    deflate.end();
  });
  return Buffer.concat(out);
}

/** A picture of 12 × 8 pixels that nothing is wrong with; `shade` makes it another one. */
export function plainPng(shade = 64) {
  const row = Buffer.from([0, ...Array.from({ length: 12 }, () => [shade, 90, 120]).flat()]);
  return png(12, 8, [], deflateSync(Buffer.concat(Array.from({ length: 8 }, () => row))));
}

/** A small picture of a colour that only this number has. */
export function pictureOf(n) {
  const row = Buffer.from([0, ...Array.from({ length: 12 }, () => [n >> 16, n >> 8, n].map((part) => part & 255)).flat()]);
  return png(12, 8, [], deflateSync(Buffer.concat(Array.from({ length: 8 }, () => row))));
}

/** A small picture with a colour profile that unpacks to a gigabyte. */
export async function profileBomb() {
  const profile = Buffer.concat([Buffer.from("bomb\0\0", "latin1"), await zeros(2 ** 30)]);
  const row = Buffer.alloc(1 + 64 * 3);
  return png(64, 64, [chunk("iCCP", profile)], deflateSync(Buffer.concat(Array.from({ length: 64 }, () => row))));
}

/** A picture that says it has 2.5 thousand million pixels. */
export const pixelBomb = async () => png(50_000, 50_000, [], await zeros(64 << 20));

class Bits {
  bytes = [];
  #byte = 0;
  #free = 8;
  put(value, count) {
    for (let n = count - 1; n >= 0; n--) {
      this.#byte = (this.#byte << 1) | ((value >> n) & 1);
      if (--this.#free === 0) this.#flush();
    }
  }
  #flush() {
    this.bytes.push(this.#byte);
    // A marker must not come about by chance.
    if (this.#byte === 0xff) this.bytes.push(0);
    [this.#byte, this.#free] = [0, 8];
  }
  end() {
    while (this.#free !== 8) this.put(1, 1);
    return Buffer.from(this.bytes);
  }
}

/** A grey progressive JPEG of `side` × `side` with as many scans: each walks over every block, and says next to nothing. */
export function scanBomb(scans = 300, side = 4_096) {
  const segment = (marker, data) => Buffer.concat([Buffer.from([0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 255]), Buffer.from(data)]);
  const lengths = (one) => [one, ...Array(15).fill(0)];
  const blocks = (side / 8) ** 2;
  const first = new Bits();
  for (let n = 0; n < blocks; n++) first.put(0, 1);
  const other = new Bits();
  for (let left = blocks; left > 0; left -= 32_767) {
    // A run of 2^14 + 2^14 - 1 blocks that end here.
    other.put(0, 1);
    other.put(0x3fff, 14);
  }
  const parts = [
    Buffer.from([0xff, 0xd8]),
    segment(0xdb, [0, ...Array(64).fill(1)]),
    segment(0xc2, [8, side >> 8, side & 255, side >> 8, side & 255, 1, 1, 0x11, 0]),
    segment(0xc4, [0x00, ...lengths(1), 0x00]),
    segment(0xc4, [0x10, ...lengths(1), 0xe0]),
    segment(0xda, [1, 1, 0x00, 0, 0, 0]),
    first.end(),
  ];
  const scan = Buffer.concat([segment(0xda, [1, 1, 0x00, 1, 63, 0]), other.end()]);
  for (let n = 0; n < scans; n++) parts.push(scan);
  return Buffer.concat([...parts, Buffer.from([0xff, 0xd9])]);
}

const times = (text, count) => text.repeat(count);
const each = (count, text) => Array.from({ length: count }, (_, n) => text(n)).join("");
const bold = `<p>${each(190, (n) => `<b class=a${n}>`)}`;

/** Texts that cost more than their length, where nobody counts: name, format, text. */
export const TEXTS = [
  ["40,000 nested <div>", "html", times("<div>", 40_000)],
  ["40,000 nested <div>, closed", "html", times("<div>", 40_000) + "x" + times("</div>", 40_000)],
  ["nested <ul><li>", "html", times("<ul><li>", 30_000)],
  ["nested <b>", "html", times("<b>", 60_000)],
  ["nested tables", "html", times("<table><tr><td>", 20_000)],
  ["nested quotes that are never closed", "html", times("<blockquote><p>a", 20_000)],
  ["200,000 attributes on one tag", "html", `<p ${Array.from({ length: 200_000 }, (_, n) => `a${n}=1`).join(" ")}>x</p>`],
  ["Markdown: 50,000 ×  >", "markdown", times(">", 50_000) + " x"],
  ["Markdown: nested lists", "markdown", Array.from({ length: 3_000 }, (_, n) => `${times(" ", n)}- a`).join("\n").slice(0, 1_900_000)],
  ["Markdown: 50,000 × [", "markdown", times("[", 50_000)],
  ["Markdown: 50,000 × **a", "markdown", times("**a ", 50_000)],
  ["2 MB of &", "markdown", times("&", 2_000_000)],
  ["2 MB of & as HTML", "html", times("&", 2_000_000)],
  ["lines of dots", "html", `字${times("…\n", 450_000)}`],
  ["boxes beside a class of 1 MB", "html", `<li class="${times("a", 1_000_000)}">${times("<input type=checkbox>", 45_000)}`],
  ["notes in notes", "html", `${times("<div class=footnotes>", 190)}<table><tr><td><ul>${each(30_000, (n) => `<li id=${n}>`)}`],
  ["formulas in formulas", "html", `<math>${times("<mrow>", 190)}${times("a", 1_900_000)}`],
  ["<legend> below 190 <b>", "html", bold + times("<legend>x</legend>", 55_000)],
  ["<option> below 190 <b>", "html", bold + times("<option>x</option>", 55_000)],
  ["<textarea> below 190 <b>", "html", bold + times("<textarea>x</textarea>", 55_000)],
  ["pictures in nested <noscript>", "html", times("<noscript>", 180) + times("<img src=/>", 100_000)],
  ["headings in headings", "html", times("<h2><div><h3><div>", 45) + times("a ", 950_000)],
  ["39,000 attributes on end tags", "html", times(`</p ${each(39_000, (n) => `a${n} `)}>`, 8)],
  ["39,000 attributes on tags that are passed over", "html", times(`<td ${each(39_000, (n) => `a${n} `)}>`, 8)],
  ["95,000 pictures of another site", "html", each(95_000, (n) => `<img src=//a.b/${n}>`)],
];
