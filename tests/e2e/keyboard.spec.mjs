// Everything by keyboard alone.

import { expect, fresh, site, test } from "./site.mjs";

const focused = (page) => page.locator(":focus");

/** Whether what has the focus can be told from what has not. */
const marked = (page) =>
  page.evaluate(() => {
    const style = getComputedStyle(document.activeElement);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
  });

test("skip links lead into the article", async ({ open }) => {
  const page = await open();
  await page.goto(`/article/${site().en}`);
  await page.keyboard.press("Tab");
  await expect(focused(page)).toHaveText("Skip to the text");
  await expect(focused(page)).toBeInViewport();
  expect(await marked(page)).toBe(true);
  await page.keyboard.press("Enter");
  await expect(page.locator("#body")).toBeFocused();
  await expect(page.locator("#body")).toBeInViewport();

  await page.goto("/");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.locator("#main")).toBeFocused();
});

test("tabs move with the arrow keys", async ({ open }) => {
  const page = await open();
  await page.goto(`/article/${site().en}`);
  const tabs = page.locator("#features").getByRole("tab");
  await expect(tabs).toHaveCount(5);
  await tabs.first().focus();
  const open_ = async (n) => {
    await expect(tabs.nth(n)).toBeFocused();
    await expect(tabs.nth(n)).toHaveAttribute("aria-selected", "true");
    await expect(page.locator("#features").getByRole("tabpanel")).toHaveCount(1);
    await expect(page.locator(`#${await tabs.nth(n).getAttribute("aria-controls")}`)).toBeVisible();
  };
  for (const [key, n] of [["ArrowRight", 1], ["ArrowRight", 2], ["ArrowLeft", 1], ["Home", 0], ["ArrowLeft", 4], ["ArrowRight", 0], ["End", 4]]) {
    await page.keyboard.press(key);
    await open_(n);
  }
  expect(await marked(page)).toBe(true);
  // One stop for all tabs, the next is within the panel.
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => !!document.activeElement.closest("[role=tabpanel]:not([hidden])"))).toBe(true);
});

test("a comment is written and sent", async ({ open }) => {
  const page = await open({ as: "reader" });
  await page.goto(`/article/${site().en}#comments`);
  const text = page.getByLabel("Write a comment");
  await text.waitFor();
  await page.evaluate(() => document.querySelector(".skips a").focus());
  await page.keyboard.press("Tab");
  await expect(focused(page)).toHaveText("Skip to comments");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(text).toBeFocused();
  expect(await marked(page)).toBe(true);
  const said = `By keyboard. ${fresh("k")}`;
  await page.keyboard.type(said);
  await page.keyboard.press("Tab");
  await expect(focused(page)).toHaveText("Post comment");
  await page.keyboard.press("Enter");
  await expect(page.locator("#comments")).toContainText(said);
});

test("what floats closes with Escape and gives the focus back", async ({ open }) => {
  const page = await open({ as: "reader" });
  await page.goto(`/article/${site().en}`);
  const menu = page.locator("#site-bar details.menu");
  await menu.locator("summary").focus();
  await page.keyboard.press("Enter");
  await expect(menu.getByRole("link", { name: "Favourites" })).toBeVisible();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Escape");
  await expect(menu).not.toHaveAttribute("open");
  await expect(menu.locator("summary")).toBeFocused();
});

test("personal bits that come late leave an open menu open and the focus where it is", async ({ open }) => {
  const page = await open({ as: "reader" });
  await page.context().clearCookies({ name: "js" });
  let come;
  const late = new Promise((resolve) => (come = resolve));
  await page.route("**/-/slots?**", async (route) => {
    await late;
    await route.continue();
  });
  await page.goto(`/article/${site().en}`);
  const menu = page.locator("#site-bar details.menu");
  await menu.locator("summary").focus();
  await page.keyboard.press("Enter");
  await expect(menu.getByRole("link", { name: "Favourites" })).toBeVisible();
  come();
  // Set in the same step in which they are put in.
  await page.waitForFunction(() => document.cookie.includes("js=1"));
  await expect(menu).toHaveAttribute("open");
  await expect(menu.locator("summary")).toBeFocused();
});

test("what is typed into the search box is suggested", async ({ open }) => {
  const page = await open();
  await page.goto("/");
  const box = page.locator("#site-bar input[name=q]");
  await box.focus();
  await page.keyboard.type("ti");
  const list = page.getByRole("listbox", { name: "Search suggestions" });
  await expect(list).toBeVisible();
  await expect(box).toHaveAttribute("aria-expanded", "true");
  await expect(page.locator("#site-bar [role=status]")).toContainText("suggestions");
  await page.keyboard.press("ArrowDown");
  const first = list.getByRole("option").first();
  await expect(first).toHaveAttribute("aria-selected", "true");
  await expect(box).toHaveAttribute("aria-activedescendant", await first.getAttribute("id"));
  await expect(box).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(list).toBeHidden();
  await expect(box).toHaveValue("ti");
  await page.keyboard.press("ArrowDown");
  await expect(list).toBeVisible();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await expect(page).not.toHaveURL(/\/$/);
  // Nothing chosen: the form searches.
  await page.goto("/");
  await box.fill("tide");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/search\?q=tide/);
});

test("nothing holds the focus, and every stop shows it", async ({ open }) => {
  for (const address of ["/", `/article/${site().zh}`, "/search?q=tide", "/settings/accessibility"]) {
    const page = await open();
    await page.goto(address);
    const seen = [];
    for (let n = 0; n < 40; n++) {
      await page.keyboard.press("Tab");
      const at = await page.evaluate(() => {
        const element = document.activeElement;
        const { width, height } = element.getBoundingClientRect();
        return { is: element.outerHTML.slice(0, 120), size: width * height, body: element === document.body };
      });
      if (at.body) break;
      expect(at.size, `${address}: ${at.is}`).toBeGreaterThan(0);
      expect(await marked(page), `${address}: no mark on ${at.is}`).toBe(true);
      seen.push(at.is);
    }
    expect(new Set(seen).size, address).toBeGreaterThan(5);
  }
});
