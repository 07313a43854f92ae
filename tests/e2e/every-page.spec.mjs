// What must hold on every page: the ordinary edition in Chinese, the care edition in English, light and dark, wide and narrow.

import axe from "axe-core";

import { sleep } from "../lib.mjs";
import { PAGES, at } from "./pages.mjs";
import { expect, test } from "./site.mjs";

const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 390, height: 844 };
const NARROWEST = { width: 320, height: 640 };

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** What the colours alone decide. */
const COLOURS = ["color-contrast", "link-in-text-block"];

/** Follows what the page asks for; what is given back waits until all of it has come and nothing more was asked for in a while. */
function follow(page) {
  const underWay = new Set();
  // What tells a page of what is new stays open.
  page.on("request", (request) => request.resourceType() === "eventsource" || underWay.add(request));
  for (const end of ["requestfinished", "requestfailed"]) page.on(end, (request) => underWay.delete(request));
  return async () => {
    for (let quiet = 0; quiet < 3; quiet = underWay.size ? 0 : quiet + 1) await sleep(40);
  };
}

/** What axe finds, in short. Colours change at once only where nothing fades. */
async function check(page, only) {
  const found = await page.evaluate(
    async ([tags, rules]) => {
      const runOnly = rules ? { type: "rule", values: rules } : { type: "tag", values: tags };
      const { violations } = await window.axe.run(document, { runOnly, resultTypes: ["violations"] });
      return violations.map(({ id, help, nodes }) => ({ rule: `${id}: ${help}`, nodes: nodes.slice(0, 5).map(({ html, failureSummary }) => `${html.slice(0, 200)} — ${failureSummary.split("\n").slice(1, 3).join(" ").trim()}`) }));
    },
    [RULES, only],
  );
  return found.map(({ rule, nodes }) => [rule, ...nodes].join("\n    "));
}

/** What sticks out at the right, should the page be wider than the window. */
const wider = (page) =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const clipped = (element) => element && element !== document.body && (getComputedStyle(element).overflowX !== "visible" || clipped(element.parentElement));
    const out = [...document.querySelectorAll("body *")].filter((element) => element.getBoundingClientRect().right > clientWidth + 0.5 && !clipped(element.parentElement));
    return [`${scrollWidth} px in ${clientWidth} px`, ...out.slice(0, 5).map((element) => element.outerHTML.slice(0, 120))];
  });

for (const [edition, lang] of [["standard", "zh-CN"], ["care", "en"]]) {
  for (const { name, as, status = 200, plain, ...where } of PAGES) {
    if (plain && edition === "care") continue;
    test(`${name} (${edition})`, async ({ open, baseURL }) => {
      const page = await open({ as, viewport: WIDE, reducedMotion: "reduce" });
      const settled = follow(page);
      await page.context().addCookies(Object.entries({ edition, lang, js: "1" }).map(([key, value]) => ({ name: key, value, url: baseURL })));
      expect((await page.goto(at(where))).status()).toBe(status);
      if (!plain) await expect(page.locator("html")).toHaveAttribute("lang", lang);
      // Personal bits change the page: not while it is looked at.
      await settled();
      await page.evaluate(axe.source);

      for (const [size, viewport] of Object.entries({ wide: WIDE, narrow: NARROW })) {
        await page.setViewportSize(viewport);
        await page.emulateMedia({ colorScheme: "light" });
        expect.soft(await check(page), `axe, ${size}, light`).toEqual([]);
        await page.emulateMedia({ colorScheme: "dark" });
        expect.soft(await check(page, COLOURS), `axe, ${size}, dark`).toEqual([]);
      }
      for (const viewport of [NARROW, NARROWEST]) {
        await page.setViewportSize(viewport);
        expect.soft(await wider(page), `sideways scrolling at ${viewport.width} px`).toEqual([]);
      }
    });
  }
}
