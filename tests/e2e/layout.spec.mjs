// How pages are laid out, measured in a browser: no column stands empty, headlines break between words, Latin text has Latin faces,
// tables stay readable, a line of meta is one line.

import { expect, site, test } from "./site.mjs";

const WIDE = { viewport: { width: 1280, height: 900 } };
const PHONE = { viewport: { width: 390, height: 844 } };
const LANGUAGES = ["zh-CN", "en"];

/** The largest hole (in CSS pixels) between the end of a column's content and that of the longest beside it. */
function holes(selectors) {
  const box = (element) => element.getBoundingClientRect();
  const bottom = (element) => Math.max(box(element).top, ...[...element.querySelectorAll("*")].map((child) => (child.checkVisibility() && box(child).height > 0 ? box(child).bottom : 0)));
  const ends = selectors.map((selector) => document.querySelector(selector)).filter(Boolean).map(bottom);
  return Math.max(...ends) - Math.min(...ends);
}

for (const lang of LANGUAGES) {
  test(`no column of an article stands empty (${lang})`, async ({ open }) => {
    const page = await open(WIDE);
    await page.goto(`/article/${site()[lang === "en" ? "en" : "zh"]}?lang=${lang}`);
    const [related, hot, main, side] = await page.evaluate(() => ["#related", "#hot", ".wrap#page", "aside.side"].map((selector) => document.querySelector(selector).getBoundingClientRect().toJSON()));
    for (const block of [related, hot]) expect(block.width).toBeGreaterThan(main.width - 120);
    expect(side.bottom, "the side column ends before what goes across the page").toBeLessThanOrEqual(related.top);
    expect(hot.top).toBeGreaterThan(related.top);
  });

  test(`the head of a channel has no hole (${lang})`, async ({ open }) => {
    const page = await open(WIDE);
    await page.goto(`/channel/science?lang=${lang}`);
    expect(await page.evaluate(holes, [".lead-row .lead .cover", ".lead-row .lead .card-text"])).toBeLessThan(200);
    const tiles = await page.locator(".lead-rest .tile").evaluateAll((cards) => cards.map((card) => card.getBoundingClientRect().top));
    expect(new Set(tiles.map(Math.round)).size, "one row").toBe(1);
  });

  for (const [size, options] of [["wide", WIDE], ["phone", PHONE]]) {
    test(`meta is one line, and nothing is wider than the page (${lang}, ${size})`, async ({ open }) => {
      const page = await open(options);
      for (const path of ["/", "/channel/science", "/hot", "/latest", `/article/${site().zh}`]) {
        await page.goto(`${path}?lang=${lang}`);
        const bad = await page.evaluate(() => {
          const tall = [...document.querySelectorAll(".card .meta")].filter((meta) => meta.checkVisibility() && meta.getBoundingClientRect().height > 1.9 * parseFloat(getComputedStyle(meta).fontSize));
          return [...tall.map((meta) => meta.textContent.trim()), ...(document.documentElement.scrollWidth > innerWidth ? ["the page scrolls sideways"] : [])];
        });
        expect(bad, path).toEqual([]);
      }
    });
  }
}

test("Chinese headlines begin lines with words and end them with more than one character", async ({ open }) => {
  const page = await open(PHONE);
  for (const path of ["/?lang=zh-CN", "/hot?lang=zh-CN", `/article/${site().zh}?lang=zh-CN`]) {
    await page.goto(path);
    const found = await page.evaluate(() => {
      const han = /\p{Script=Han}/u;
      const bad = [];
      let broken = 0;
      for (const element of document.querySelectorAll(".headline a:has(wbr), #headline h1:has(wbr)")) {
        // The lines of the headline, character by character.
        const lines = [];
        let top = null;
        const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
        let begins = true;
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
          for (let at = 0; at < node.length; at++) {
            const range = document.createRange();
            range.setStart(node, at);
            range.setEnd(node, at + 1);
            const box = range.getBoundingClientRect();
            if (!box.width) continue;
            if (top === null || box.top > top + box.height / 2) {
              // A line that begins within a text node broke where the server found no word's end.
              if (top !== null && !begins && han.test(node.data[at]) && han.test(node.data[at - 1] ?? "")) bad.push(`${element.textContent}: ${node.data[at - 1]}|${node.data[at]}`);
              lines.push("");
              top = box.top;
            }
            lines[lines.length - 1] += node.data[at];
            begins = false;
          }
          begins = true;
        }
        // What a phone does not show has no lines.
        if (lines.length === 0) continue;
        if (lines.length > 1) broken += 1;
        const last = lines.at(-1).replace(/[^\p{L}\p{N}]/gu, "");
        if (lines.length > 1 && last.length < 2) bad.push(`${element.textContent}: ends with ${last}`);
      }
      return { bad, broken };
    });
    expect(found.bad, path).toEqual([]);
    expect(found.broken, path).toBeGreaterThan(0);
  }
});

test("Latin text has Latin faces, Chinese quotes have Chinese ones", async ({ open }) => {
  const page = await open(WIDE);
  const client = await page.context().newCDPSession(page);
  await client.send("DOM.enable");
  await client.send("CSS.enable");
  const faces = async (lang, markup) => {
    await page.goto(`/about?lang=${lang}`);
    await page.evaluate((markup) => { document.querySelector("main").innerHTML = markup; }, markup);
    const { root } = await client.send("DOM.getDocument");
    const { nodeId } = await client.send("DOM.querySelector", { nodeId: root.nodeId, selector: "#probe" });
    let fonts = [];
    // A node has none before its first layout.
    await expect.poll(async () => ({ fonts } = await client.send("CSS.getPlatformFontsForNode", { nodeId })).fonts.length).toBeGreaterThan(0);
    return fonts.map((font) => font.familyName);
  };
  for (const tag of ["h2", "p"]) {
    for (const [lang, of] of [["en", ""], ["zh-CN", " lang=\"en\""], ["zh-CN", " lang=\"fr\""]]) {
      const found = await faces(lang, `<${tag} id="probe"${of}>It doesn’t “end” — l’été…</${tag}>`);
      expect(found.join(), `${tag} in ${lang}`).not.toMatch(/CJK|Songti|PingFang|YaHei|SimSun/);
    }
    for (const [lang, of] of [["zh-CN", ""], ["en", " lang=\"zh\""]]) {
      const quotes = await faces(lang, `<${tag} id="probe"${of}>“海”——……</${tag}>`);
      expect(quotes.length, `${tag}: one face for signs and characters`).toBe(1);
      const letters = await faces(lang, `<${tag} id="probe"${of}>tide 2024</${tag}>`);
      expect(letters.join()).not.toMatch(/CJK/);
    }
  }
});

test("columns of a Chinese table stay wider than a character, and its box takes the focus", async ({ open }) => {
  const page = await open({ ...PHONE, as: "mara" });
  await page.goto("/studio/new");
  await page.getByLabel("Title", { exact: true }).fill("一张很宽的表");
  const row = (cell) => `| ${Array(7).fill(cell).join(" | ")} |`;
  await page.locator("textarea#body").fill(["文字。", "", row("名称"), row("---"), row("这一格里写着比较长的一段话"), ""].join("\n"));
  await page.locator("button[value=save]").click();
  await expect(page).toHaveURL(/\/studio\/article\/\w+$/);
  await page.goto(`${page.url()}/preview`);
  const widths = await page.locator(".prose td").evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().width / parseFloat(getComputedStyle(cell).fontSize)));
  expect(widths.length).toBe(7);
  expect(Math.min(...widths)).toBeGreaterThanOrEqual(5);
  const box = page.locator(".table-scroll");
  await expect(box).toHaveAttribute("tabindex", "0");
  expect(await box.evaluate((box) => box.scrollWidth > box.clientWidth)).toBe(true);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
});
