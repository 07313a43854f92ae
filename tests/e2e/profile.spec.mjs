// A page of one's own, with and without JavaScript; how the site is shown follows whoever signs in.

import { png } from "./png.mjs";
import { expect, fresh, signUp, site, test } from "./site.mjs";

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
