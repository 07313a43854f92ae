// Editions, languages and the accessibility page: choices stick, for visitors too, with and without the script.

import { expect, site, test } from "./site.mjs";

for (const js of [true, false]) {
  const how = js ? "with JavaScript" : "without JavaScript";

  test(`the care edition stays until it is left ${how}`, async ({ open }) => {
    const page = await open({ js });
    const html = page.locator("html");
    await page.goto(`/article/${site().zh}`);
    const size = () => page.locator("#body").evaluate((body) => parseFloat(getComputedStyle(body).fontSize));
    const usual = await size();
    const links = await page.locator("a").count();
    await page.locator("#site-bar").getByRole("link", { name: "Care edition" }).first().click();
    await expect(html).toHaveAttribute("data-edition", "care");
    // The page is there before its styles are.
    await expect.poll(size).toBeGreaterThan(usual);
    expect(await page.locator("a").count()).toBeLessThan(links);
    for (const address of ["/", "/hot", `/article/${site().en}`]) {
      await page.goto(address);
      await expect(html).toHaveAttribute("data-edition", "care");
    }
    await page.locator("#foot").getByRole("link", { name: "Standard edition" }).click();
    await expect(html).toHaveAttribute("data-edition", "ordinary");
    await page.goto("/latest");
    await expect(html).toHaveAttribute("data-edition", "ordinary");
  });

  test(`text size, contrast, spacing and shade stick ${how}`, async ({ open }) => {
    const page = await open({ js });
    const html = page.locator("html");
    await page.goto("/latest");
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await paper();
    await page.locator("#foot").getByRole("link", { name: "Accessibility" }).click();
    const form = page.locator("main form");
    await form.getByLabel("Largest").check();
    await form.getByLabel("Dark", { exact: true }).check();
    await form.getByLabel("High contrast").check();
    await form.getByLabel("More space between lines and letters").check();
    await form.getByRole("button", { name: "Save" }).click();
    for (const address of ["/", `/article/${site().en}`, "/settings/accessibility"]) {
      await page.goto(address);
      await expect(html).toHaveAttribute("data-text", "3");
      await expect(html).toHaveAttribute("data-shade", "dark");
      for (const name of ["data-contrast", "data-spacing"]) expect(await html.getAttribute(name), name).not.toBeNull();
    }
    expect(await paper()).not.toBe(light);
    for (const label of ["Largest", "High contrast"]) await expect(form.getByLabel(label)).toBeChecked();
  });

  test(`the language changes and stays ${how}`, async ({ open }) => {
    const page = await open({ js });
    await page.goto("/hot");
    await expect(page.locator("html")).toHaveAttribute("lang", "en");
    await page.locator("#foot").getByRole("link", { name: "简体中文" }).click();
    await expect(page.locator("html")).toHaveAttribute("lang", "zh-CN");
    await page.goto("/");
    await expect(page.locator("#foot")).toContainText("无障碍");
    await page.locator("#foot").getByRole("link", { name: "English" }).click();
    await expect(page.locator("html")).toHaveAttribute("lang", "en");
  });
}

test("a choice in the address holds for a visitor who sends no cookies", async ({ request }) => {
  const page = await request.get("/?edition=care&lang=zh-CN");
  expect(await page.text()).toContain('lang="zh-CN" data-edition="care"');
});
