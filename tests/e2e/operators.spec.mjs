// An operator changes what the site says of itself, and everybody sees it.

import { expect, fresh, test } from "./site.mjs";

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
