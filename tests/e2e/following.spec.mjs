// A reader follows a channel, a tag and a topic, finds what is new of them in one list, and stops: with the script, and by plain forms.

import { expect, signUp, site, test } from "./site.mjs";

for (const js of [true, false]) {
  const how = js ? "with JavaScript" : "without JavaScript";

  test(`what is followed is one list that says why ${how}`, async ({ open }) => {
    const page = await open({ js });
    await signUp(page, "Tess Marlow", "/following");
    await expect(page.locator("main")).toContainText("You follow nothing yet");

    // From the empty list.
    const suggested = page.locator("main .ruled-list li").first();
    const channel = (await suggested.getByRole("link").textContent()).trim();
    await suggested.getByRole("button", { name: /^Follow/ }).click();
    await expect(page).toHaveURL(/\/following$/);
    const cards = page.locator("main .card");
    await expect(cards.first().locator(".why")).toContainText(`You follow the channel ${channel}`);

    // From a tag's and a topic's page.
    for (const address of [`/tag/${encodeURIComponent(site().tag)}`, "/topic/awake-at-night"]) {
      await page.goto(address);
      const button = page.locator("[data-slot=subject-follow]").getByRole("button");
      await expect(button).toHaveText("Follow");
      await button.click();
      await expect(button).toHaveText("Following");
      await expect(button).toHaveAttribute("aria-pressed", "true");
      await page.reload();
      await expect(button).toHaveAttribute("aria-pressed", "true");
    }

    await page.goto("/following");
    const kinds = page.locator("main .filters");
    for (const [kind, why] of [["Tags", `You follow the tag “${site().tag}”`], ["Topics", "You follow the topic"], ["Channels", "You follow the channel"]]) {
      await kinds.getByRole("link", { name: kind }).click();
      await expect(kinds.locator("[aria-current]")).toHaveText(kind);
      await expect(cards.first()).toBeVisible();
      await expect(page.locator("main .card .why", { hasNotText: why })).toHaveCount(0);
    }
    await kinds.getByRole("link", { name: "Authors" }).click();
    await expect(cards).toHaveCount(0);
    await expect(page.locator("main")).toContainText("You follow nobody yet");

    // Each article once, however many ways lead to it, on all pages.
    await kinds.getByRole("link", { name: "All" }).click();
    const links = async () => page.locator("main .card .headline a").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
    const seen = await links();
    const more = page.locator(".pager a[rel=next]");
    for (let n = 0; n < 3 && (await more.count()); n++) {
      await more.click();
      if (js) await expect.poll(async () => (await links()).length).toBeGreaterThan(seen.length);
      else await expect(page).toHaveURL(/cursor=/);
      const now = await links();
      seen.push(...(js ? now.slice(seen.length) : now));
    }
    expect(new Set(seen).size).toBe(seen.length);

    await page.goto("/settings/following");
    const rows = page.locator("main .ruled-list li");
    await expect(rows).toHaveCount(3);
    for (let left = 2; left >= 0; left--) {
      await rows.first().getByRole("button", { name: /^Unfollow/ }).click();
      await expect(page).toHaveURL(/\/settings\/following$/);
      await expect(rows).toHaveCount(left);
    }
    await expect(page.locator("main")).toContainText("You follow nothing yet.");
  });
}

test("who is not signed in is asked to", async ({ open }) => {
  const page = await open({ js: false });
  await page.goto("/channel/science");
  await page.locator("[data-slot=subject-follow]").getByRole("button", { name: "Follow" }).click();
  await expect(page).toHaveURL(/\/login\?return=/);
});
