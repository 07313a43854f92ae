// An operator changes what the site says of itself, and everybody sees it.

import { png } from "./png.mjs";
import { expect, fresh, test } from "./site.mjs";

// One after the other: the form has all settings of the site that the journeys share, and would set what another is trying back.
test.describe.configure({ mode: "serial" });

for (const js of [true, false]) {
  test(`a setting is on pages out of the page cache within a second ${js ? "with" : "without"} JavaScript`, async ({ open }) => {
    const [visitor, desk] = [await open({ js }), await open({ js, as: "operator" })];
    const line = visitor.locator(".colophon");
    await visitor.goto("/latest");
    await visitor.reload();
    await desk.goto("/admin/settings");
    const field = desk.locator("[name='site.licence']");
    const before = await field.inputValue();
    const said = `Registered ${fresh("no")}`;
    try {
      await field.fill(said);
      await desk.locator("[name='site.contact']").fill("nobody");
      await desk.getByRole("button", { name: "Save" }).click();
      await expect(desk.locator(".field-errors")).toContainText("e-mail address");
      await expect(field).toHaveValue(said);
      await desk.locator("[name='site.contact']").fill("desk@news.example");
      await desk.getByRole("button", { name: "Save" }).click();
      await expect(desk.locator(".notice-line[role=status]")).toContainText("saved");
      const begun = Date.now();
      await expect(async () => {
        await visitor.reload();
        await expect(line).toContainText(said, { timeout: 100 });
      }).toPass({ intervals: [50], timeout: 5_000 });
      expect(Date.now() - begun).toBeLessThan(1_500);
    } finally {
      await desk.goto("/admin/settings");
      await desk.locator("[name='site.licence']").fill(before);
      await desk.getByRole("button", { name: "Save" }).click();
      await expect(desk.locator(".notice-line[role=status]")).toContainText("saved");
    }
  });
}

test("an operator gives the site a colour and a logo", async ({ open }) => {
  const page = await open({ as: "operator" });
  const visitor = await open();
  try {
    await page.goto("/admin/settings");
    await page.getByLabel("Accent colour").fill("#ffd400");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText(/The nearest colour that has it is #[0-9a-f]{6}/)).toBeVisible();
    const [nearest] = (await page.getByText(/The nearest colour/).textContent()).match(/#[0-9a-f]{6}/);
    await page.getByLabel("Accent colour").fill(nearest);
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page).toHaveURL(/done=settings/);
    await expect.poll(async () => {
      await visitor.goto("/about");
      return visitor.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--accent").trim());
    }).toBe(nearest);

    await page.getByLabel("New picture").setInputFiles({ name: "logo.png", mimeType: "image/png", buffer: png(64) });
    await page.getByRole("button", { name: "Change the logo" }).click();
    await expect(page.getByAltText("The logo as it is now")).toBeVisible();
    await expect.poll(async () => {
      await visitor.goto("/about");
      return visitor.locator("#site-bar img.logo").count();
    }).toBe(1);
  } finally {
    // Other journeys see the site as it was.
    await page.goto("/admin/settings");
    const drop = page.getByLabel("Remove the logo");
    if (await drop.count()) {
      await drop.check();
      await page.getByRole("button", { name: "Change the logo" }).click();
      await expect(drop).toHaveCount(0);
      await page.goto("/admin/settings");
    }
    await page.getByLabel("Accent colour").fill("");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page).toHaveURL(/done=settings/);
  }
});
