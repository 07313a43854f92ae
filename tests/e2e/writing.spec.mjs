// What a writer has typed is there after a reload and in each tab, and saving leaves them where they were.

import { expect, fresh, test } from "./site.mjs";

test("two new articles in two tabs keep two copies, and each is offered again", async ({ open }) => {
  const one = await open({ as: "mara" });
  const two = await one.context().newPage();
  const titles = [fresh("First"), fresh("Second")];
  for (const [n, tab] of [one, two].entries()) {
    await tab.goto("/studio/new");
    await tab.locator("#title").fill(titles[n]);
    await tab.locator("textarea#body").fill(`Words of ${titles[n]}.`);
    await expect(tab.locator("[data-status]")).not.toBeEmpty();
  }
  // A third tab is not offered what the others are writing on.
  const three = await one.context().newPage();
  await three.goto("/studio/new");
  await three.waitForTimeout(400);
  await expect(three.locator("[data-restore]:visible")).toHaveCount(0);
  for (const tab of [one, two, three]) await tab.close({ runBeforeUnload: false });

  const back = await one.context().newPage();
  await back.goto("/studio/new");
  for (const title of titles) await expect(back.locator("[data-restore]:visible", { hasText: title })).toHaveCount(1);
  await back.locator("[data-restore]:visible", { hasText: titles[1] }).locator("[data-restore-yes]").click();
  await expect(back.locator("textarea#body")).toHaveValue(`Words of ${titles[1]}.`);
  await back.locator("button[value=save]").click();
  await expect(back).toHaveURL(/\/studio\/article\/\w+$/);
  // What was saved is not offered again, the other one is.
  await back.goto("/studio/new");
  await expect(back.locator("[data-restore]:visible", { hasText: titles[0] })).toHaveCount(1);
  await expect(back.locator("[data-restore]:visible", { hasText: titles[1] })).toHaveCount(0);
  await back.locator("[data-restore]:visible", { hasText: titles[0] }).locator("[data-restore-no]").click();
  await back.reload();
  await back.waitForTimeout(400);
  await expect(back.locator("[data-restore]:visible")).toHaveCount(0);
});

test("after saving, cursor and scroll are where they were", async ({ open }) => {
  const page = await open({ as: "mara", viewport: { width: 1280, height: 700 } });
  await page.goto("/studio/new");
  await page.locator("#title").fill(fresh("A long text"));
  const body = page.locator("textarea#body");
  await body.fill(Array.from({ length: 120 }, (_, n) => `Line ${n} of the text.`).join("\n"));
  // The first time the article gets an address of its own, the second time it has it.
  for (const _ of [1, 2]) {
    await body.evaluate((area) => {
      area.focus();
      area.setSelectionRange(900, 905);
      area.scrollTop = 640;
      scrollTo(0, 180);
    });
    const where = () => body.evaluate((area) => ({ cursor: [area.selectionStart, area.selectionEnd], scroll: area.scrollTop, top: Math.round(area.getBoundingClientRect().top), focus: document.activeElement === area }));
    const before = await where();
    await Promise.all([page.waitForEvent("load"), page.keyboard.press("Control+s")]);
    await expect(page.locator("[data-status]")).toContainText("Saved");
    const after = await where();
    expect(after.cursor).toEqual(before.cursor);
    expect(after.focus).toBe(true);
    expect(Math.abs(after.scroll - before.scroll)).toBeLessThan(3);
    expect(Math.abs(after.top - before.top)).toBeLessThan(3);
  }
});

test("the text field shows the focus", async ({ open }) => {
  const page = await open({ as: "mara" });
  await page.goto("/studio/new");
  await page.locator("textarea#body").focus();
  await page.keyboard.press("Shift");
  const ring = await page.locator("textarea#body").evaluate((area) => [getComputedStyle(area).outlineStyle, getComputedStyle(area).outlineWidth]);
  expect(ring).toEqual(["solid", "2px"]);
});
