// Each list says why an article is in it, to people and to screen readers; a reader's own list follows what they say.

import { expect, site, test } from "./site.mjs";
import { PAGES } from "./pages.mjs";

const LISTS = ["home", "home of a reader", "channel", "article in Chinese", "article in English", "author", "archive", "tag", "topic", "hot", "latest", "following", "following, of one kind", "for you", "for you, as a visitor", "favourites", "search with results", "search without results"];

/** Articles in lists of which nothing says why they are there. */
function unexplained() {
  const says = (element) => element && element.textContent.trim().length > 1;
  const links = [...document.querySelectorAll("main .card, aside .card, #features .card, .headlines li:not(.empty)")];
  return links
    .filter((card) => {
      if (says(card.querySelector(".why"))) return false;
      for (let box = card.parentElement; box; box = box.parentElement) {
        const ids = box.getAttribute("aria-describedby")?.split(/\s+/) ?? [];
        if (ids.some((id) => says(document.getElementById(id)))) return false;
      }
      return true;
    })
    .map((card) => card.textContent.trim().replace(/\s+/g, " ").slice(0, 60));
}

for (const name of LISTS) {
  test(`${name} says why`, async ({ open }) => {
    const { path, as } = PAGES.find((page) => page.name === name);
    const address = typeof path === "function" ? path(site()) : path;
    for (const lang of ["zh-CN", "en"]) {
      const page = await open({ js: false, as });
      await page.goto(`${address}${address.includes("?") ? "&" : "?"}lang=${lang}`);
      expect(await page.evaluate(unexplained), `${address} in ${lang}`).toEqual([]);
    }
  });
}

test("a reader's own list follows what they say, without JavaScript", async ({ open }) => {
  const page = await open({ js: false, as: "reader" });
  await page.goto("/settings/interests");
  if (await page.getByRole("button", { name: "Turn on personal suggestions" }).count()) {
    await page.getByRole("button", { name: "Turn on personal suggestions" }).click();
  }
  await page.goto(`/article/${site().en}`);
  // The node that was asked for the article writes that down a moment later.
  await expect(async () => {
    await page.goto("/history");
    await expect(page.locator(`.card a[href="/article/${site().en}"]`).first()).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 5_000 });

  await page.goto("/for-you");
  const first = page.locator("main .card").first();
  const title = (await first.locator(".headline").textContent()).trim();
  await first.locator("details.tune summary").click();
  await first.getByRole("button", { name: "Not interested in this" }).click();
  await expect(page).toHaveURL(/\/for-you$/);
  await expect(page.locator("main .headline", { hasText: title })).toHaveCount(0);

  await page.goto("/settings/interests");
  await page.getByLabel("Tag", { exact: true }).check();
  await page.locator("#name").fill("  ");
  await page.getByRole("button", { name: "Add an interest" }).click();
  await expect(page.getByText("There is no such tag, author or channel").first()).toBeVisible();
  await page.locator("#name").fill("lighthouse keeping");
  await page.getByRole("button", { name: "Add an interest" }).click();
  await expect(page.locator(".interests").first()).toContainText("lighthouse keeping");

  await page.getByRole("button", { name: "Turn off personal suggestions" }).click();
  await page.goto("/for-you");
  await expect(page.locator("#why-for-you")).toContainText("the same for everybody");
  await expect(page.locator("details.tune")).toHaveCount(0);
  await page.goto("/settings/interests");
  await page.getByRole("button", { name: "Turn on personal suggestions" }).click();
  await page.getByLabel("I know that this cannot be undone").check();
  await page.getByRole("button", { name: "Start again" }).click();
  await page.goto("/history");
  await expect(page.locator("main .card")).toHaveCount(0);
});
