// What the script tells of what was seen: once, without a cookie, and nothing where the browser asks for that.

import { expect, site, test } from "./site.mjs";

/** Notes what a page sends to /-/seen; the browser keeps to itself what is in a beacon. */
async function told(page) {
  const bodies = [];
  await page.exposeFunction("noteBeacon", (text) => bodies.push(JSON.parse(text)));
  await page.addInitScript(() => {
    const send = Navigator.prototype.sendBeacon;
    Navigator.prototype.sendBeacon = function (url, body) {
      body.text().then((text) => window.noteBeacon(text));
      return url === "/-/seen" && send.call(this, url, body);
    };
  });
  return bodies;
}

const leave = (page) => page.evaluate(() => dispatchEvent(new Event("pagehide")));

test("cards that came into view are told with their list and place", async ({ open }) => {
  const page = await open();
  const bodies = await told(page);
  await page.goto("/hot");
  const first = await page.locator(".card a[href^='/article/']").first().getAttribute("href");
  await expect(async () => {
    await leave(page);
    expect(bodies.flatMap((body) => body.shown ?? [])).toContainEqual([first.split("/")[2], "hot", 1]);
  }).toPass();
  const seen = bodies.flatMap((body) => body.shown ?? []).map(([id]) => id);
  expect(new Set(seen).size).toBe(seen.length);
  expect(await page.context().cookies()).toEqual([]);
});

test("an article that is read to its end is told as finished", async ({ open }) => {
  const page = await open();
  const bodies = await told(page);
  await page.goto(`/article/${site().en}`);
  await page.locator("#notice").scrollIntoViewIfNeeded();
  await expect(async () => {
    await leave(page);
    const read = bodies.map((body) => body.read).filter(Boolean);
    expect(read.some(({ article, seconds, finished }) => article === site().en && seconds >= 1 && finished)).toBe(true);
  }).toPass();
});

test("nothing is told where the browser asks for that", async ({ open }) => {
  for (const wish of ["globalPrivacyControl", "doNotTrack"]) {
    const page = await open();
    const bodies = await told(page);
    await page.addInitScript((wish) => Object.defineProperty(Navigator.prototype, wish, { get: () => (wish === "doNotTrack" ? "1" : true) }), wish);
    await page.goto(`/article/${site().en}`);
    await page.locator("#related").scrollIntoViewIfNeeded();
    await page.waitForTimeout(1_200);
    await leave(page);
    await page.waitForTimeout(200);
    expect(bodies, wish).toEqual([]);
  }
});
