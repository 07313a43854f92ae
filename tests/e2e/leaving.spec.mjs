// Somebody takes their data along, deletes their account, and keeps it after all.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { inflateRawSync } from "node:zlib";
import { expect, fresh, linkIn, signUp, test } from "./site.mjs";

/** Writes the files of a small ZIP archive into a folder, as the list at its end has them. */
function unpack(zip, folder) {
  const end = zip.length - 22;
  expect(zip.readUInt32LE(end)).toBe(0x06054b50);
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [packed, name, extra, begins] = [zip.readUInt32LE(at + 20), zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt32LE(at + 42)];
    const file = path.join(folder, zip.toString("utf8", at + 46, at + 46 + name));
    const from = begins + 30 + zip.readUInt16LE(begins + 26) + zip.readUInt16LE(begins + 28);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, inflateRawSync(zip.subarray(from, from + packed)));
    at += 46 + name + extra;
  }
}

for (const js of [true, false]) {
  const how = js ? "with JavaScript" : "without JavaScript";

  test(`an archive of one's data opens as pages ${how}`, async ({ open, browser }) => {
    test.setTimeout(120_000);
    const page = await open({ js, acceptDownloads: true });
    const name = fresh("Nan");
    await signUp(page, name);
    await page.goto("/settings/account");
    await page.getByRole("link", { name: "Your data" }).click();
    await page.getByRole("button", { name: "Make an archive" }).click();
    await expect(page).toHaveURL(/\/settings\/export$/);
    await expect(async () => {
      await page.reload();
      await expect(page.getByRole("link", { name: /^Download/ })).toBeVisible({ timeout: 500 });
    }).toPass({ timeout: 60_000 });
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: /^Download/ }).click()]);
    const folder = mkdtempSync(path.join(tmpdir(), "export-"));
    try {
      const zip = path.join(folder, "data.zip");
      await download.saveAs(zip);
      unpack(readFileSync(zip), folder);
      const account = JSON.parse(readFileSync(path.join(folder, "data/account.json"), "utf8"));
      expect(account.name).toBe(name);
      // Without the site, and without a script.
      const context = await browser.newContext({ javaScriptEnabled: false, offline: true, colorScheme: "dark", viewport: { width: 390, height: 800 } });
      const archive = await context.newPage();
      await archive.goto(pathToFileURL(path.join(folder, "index.html")).href);
      await expect(archive.getByRole("heading", { level: 1 })).toContainText(name);
      await archive.getByRole("link", { name: "Account" }).click();
      await expect(archive.getByRole("heading", { level: 2 })).toContainText(name);
      expect(await archive.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
      await archive.getByRole("link", { name: "Contents" }).click();
      await context.close();
      expect(existsSync(path.join(folder, "data/comments.json"))).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test(`an account is deleted after a grace, in which it can be kept ${how}`, async ({ open }) => {
    const page = await open({ js });
    const { handle, password } = await signUp(page, "Nan Leaving");
    await page.goto("/settings/account");
    await page.getByRole("link", { name: /^Delete my account/ }).click();
    await page.getByRole("radio", { name: /^Remove them completely/ }).check();
    await page.getByLabel("Password").fill("wrong");
    await page.getByRole("button", { name: "Delete my account" }).click();
    await expect(page.locator("#delete-password-error")).toBeVisible();
    await expect(page.getByRole("radio", { name: /^Remove them completely/ })).toBeChecked();
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Delete my account" }).click();
    await expect(page).toHaveURL(/\/settings\/account\/keep$/);
    await page.goto("/settings/account");
    await expect(page).toHaveURL(/\/login/);
    await page.getByLabel("User name").fill(handle);
    await page.getByLabel("Password").fill(password);
    await page.locator("main").getByRole("button", { name: "Sign in" }).click();
    await expect(page).toHaveURL(/\/settings\/account\/keep$/);
    await page.getByRole("button", { name: "Keep my account" }).click();
    await expect(page).toHaveURL(/\/settings\/account$/);
    await expect(page.locator("main")).toContainText(`@${handle}`);
  });
}

test("the link in the mail opens the archive for whoever has it", async ({ open }) => {
  test.setTimeout(120_000);
  const page = await open({});
  const email = `${fresh("ann")}@example.org`;
  await page.goto("/signup?return=/latest");
  await page.getByLabel("Display name").fill("Ann Quay");
  await page.getByLabel("User name").fill(fresh("u"));
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByRole("button", { name: "Sign up" }).click();
  await page.goto(await linkIn(email, "/verify"));
  await page.getByRole("button", { name: "Confirm", exact: true }).click();
  await expect(page.locator("main")).toContainText("The address is confirmed.");
  await page.goto("/settings/export");
  await page.getByRole("button", { name: "Make an archive" }).click();
  const link = await linkIn(email, "/settings/export/link");
  const stranger = await open({ js: false });
  expect((await stranger.goto(link)).status()).toBe(200);
  const href = await stranger.getByRole("link", { name: /^Download/ }).getAttribute("href");
  const part = await stranger.request.get(href, { headers: { range: "bytes=0-3" } });
  expect([part.status(), part.headers()["cache-control"], (await part.body()).toString("latin1")]).toEqual([206, "private, no-store", "PK\u0003\u0004"]);
});
