// A page of one's own, with and without JavaScript; how the site is shown follows whoever signs in; the site's own colour and logo.

import { deflateSync } from "node:zlib";

import { expect, fresh, signUp, site, test } from "./site.mjs";

/** A PNG of one colour (PNG, third edition: signature, IHDR, IDAT, IEND), which needs no library. */
function png(size) {
  const crc = (bytes) => {
    let value = 0xffffffff;
    for (const byte of bytes) {
      value ^= byte;
      for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    }
    return (value ^ 0xffffffff) >>> 0;
  };
  const chunk = (name, data) => {
    const body = Buffer.concat([Buffer.from(name), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc(body));
    return Buffer.concat([length, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(size * 3, Math.floor(Math.random() * 256))]);
  const pixels = deflateSync(Buffer.concat(Array(size).fill(row)));
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", head), chunk("IDAT", pixels), chunk("IEND", Buffer.alloc(0))]);
}

const picture = () => ({ name: "me.png", mimeType: "image/png", buffer: png(64) });

for (const js of [true, false]) {
  test(`a reader shows themselves, and closes their page ${js ? "with" : "without"} JavaScript`, async ({ open }) => {
    const page = await open({ js });
    await signUp(page, "Nina Vale", `/article/${site().en}`);
    const said = `A gauge is a promise. ${fresh("p")}`;
    await page.getByLabel("Write a comment").fill(said);
    await page.getByRole("button", { name: "Post comment" }).click();
    await expect(page).toHaveURL(/#comment-\w+$/);
    const comment = page.url().split("#comment-")[1];

    await page.goto("/settings/profile");
    await page.getByLabel("About you").fill("x".repeat(10));
    await page.getByLabel("Picture", { exact: true }).setInputFiles({ name: "no.png", mimeType: "image/png", buffer: Buffer.from("no picture") });
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.locator("#avatar-error")).toBeVisible();
    await expect(page.getByLabel("About you")).toHaveValue("x".repeat(10));
    await page.getByLabel("About you").fill("Keeps the harbour’s lamps.");
    await page.getByLabel("Picture", { exact: true }).setInputFiles(picture());
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("Saved.")).toBeVisible();
    await expect(page.getByAltText("Your picture now")).toBeVisible();

    // A visitor goes there from the comment.
    const visitor = await open({ js });
    await visitor.goto(`/comment/${comment}`);
    await visitor.getByRole("link", { name: "Nina Vale", exact: true }).click();
    await expect(visitor.getByRole("heading", { level: 1 })).toHaveText("Nina Vale");
    await expect(visitor.locator("main")).toContainText("Keeps the harbour’s lamps.");
    await expect(visitor.locator("main")).toContainText(said);
    const loaded = await visitor.locator(".user-page-head img.portrait").evaluate((img) => img.decode().then(() => img.naturalWidth > 0));
    expect(loaded).toBe(true);
    const address = visitor.url();

    await page.getByLabel("Others may look at my page").uncheck();
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("You have no page that others can see.")).toBeVisible();
    await expect.poll(async () => (await visitor.goto(address)).status()).toBe(404);
    await visitor.goto(`/comment/${comment}`);
    await expect(visitor.getByRole("link", { name: "Nina Vale", exact: true })).toHaveCount(0);
  });
}

test("how the site is shown follows whoever signs in", async ({ open }) => {
  const page = await open();
  await page.goto("/?edition=care&lang=en");
  const { handle, password } = await signUp(page, "Olav Berg", "/settings/accessibility");
  await page.getByLabel("Time zone").selectOption("Pacific/Auckland");
  await page.getByRole("button", { name: "Save" }).click();

  const other = await open();
  await other.goto("/login?return=/about");
  await other.getByLabel("User name").fill(handle);
  await other.getByLabel("Password").fill(password);
  await other.getByRole("button", { name: "Sign in" }).click();
  await expect(other.locator("html")).toHaveAttribute("data-edition", "care");
  await other.goto(`/article/${site().en}`);
  await expect(other.locator("html")).toHaveAttribute("data-zone", "Pacific/Auckland");
  // A page that everybody gets: the script puts the reader's own zone in.
  await other.context().clearCookies({ name: /wrote/ });
  await other.reload();
  await expect(other.locator("html")).toHaveAttribute("data-zone", "Pacific/Auckland");
});

test("an operator gives the site a colour and a logo", async ({ open }) => {
  const page = await open({ as: "operator" });
  const visitor = await open();
  try {
    await page.goto("/admin/settings");
    await page.getByLabel("Accent colour").fill("#ffd400");
    await page.locator("form[action='/admin/settings']").getByRole("button", { name: "Save" }).click();
    await expect(page.getByText(/The nearest colour that has it is #[0-9a-f]{6}/)).toBeVisible();
    const [nearest] = (await page.getByText(/The nearest colour/).textContent()).match(/#[0-9a-f]{6}/);
    await page.getByLabel("Accent colour").fill(nearest);
    await page.locator("form[action='/admin/settings']").getByRole("button", { name: "Save" }).click();
    await expect(page).toHaveURL(/done=settings/);
    await expect.poll(async () => {
      await visitor.goto("/about");
      return visitor.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--accent").trim());
    }, { timeout: 3_000 }).toBe(nearest);

    await page.getByLabel("New picture").setInputFiles(picture());
    await page.locator("form[action='/admin/settings/logo']").getByRole("button", { name: "Save" }).click();
    await expect(page.getByAltText("The logo as it is now")).toBeVisible();
    await expect.poll(async () => {
      await visitor.goto("/about");
      return visitor.locator("#site-bar img.logo").count();
    }, { timeout: 3_000 }).toBe(1);
  } finally {
    // Other journeys see the site as it was.
    await page.goto("/admin/settings");
    const drop = page.getByLabel("Remove the logo");
    if (await drop.count()) {
      await drop.check();
      await page.locator("form[action='/admin/settings/logo']").getByRole("button", { name: "Save" }).click();
    }
    await page.getByLabel("Accent colour").fill("");
    await page.locator("form[action='/admin/settings']").getByRole("button", { name: "Save" }).click();
    await expect(page).toHaveURL(/done=settings/);
  }
});
