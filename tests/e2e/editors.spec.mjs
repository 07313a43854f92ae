// An editor chooses what stands first; readers see it, and see it go.

import { expect, fresh, test } from "./site.mjs";

const focused = (page) => page.locator(":focus");

/** A live article that no other test knows of. */
async function published(open, channel) {
  const title = `Placed by hand ${fresh("p")}`;
  const writer = await open({ as: "linqiu" });
  const answer = await writer.request.post("/studio/new", { multipart: { title, body: "A light on the quay.", format: "markdown", channel, do: "submit" } });
  return { id: answer.url().match(/article\/(\w+)/)[1], title };
}

/** A time of the site (Shanghai, which keeps no summer time) as a browser's field has it. */
const local = (ms) => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 16);

test("an editor puts an article first by keyboard, it leads the home page, and it ends", async ({ open }) => {
  test.setTimeout(150_000);
  const { id, title } = await published(open, "science");
  const other = await published(open, "science");
  const page = await open({ as: "editor" });
  const reader = await open();
  const lead = reader.locator(".front-lead .card.lead");

  // The second one is placed last, so it stands before the first.
  for (const one of [{ id, title }, other]) {
    await page.goto("/admin/headlines/home");
    await page.getByLabel("Address of an article").fill(new URL(`/article/${one.id}`, page.url()).href);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("radio", { name: one.title })).toBeChecked();
    await page.getByLabel("Note").fill("Picked for this test");
    await page.getByRole("button", { name: "Put it first" }).click();
    await expect(page.locator(".notice-line[role=status]")).toContainText("Put first.");
  }
  const rows = page.locator("[data-order] > li");
  await expect(rows.nth(0)).toContainText(other.title);
  await expect(rows.nth(1)).toContainText(title);

  const grip = rows.nth(1).locator("[data-grip]");
  await grip.focus();
  await page.keyboard.press("ArrowUp");
  await expect(page.locator("[data-order-live]")).toContainText(`${title}: place 1 of`);
  await expect(page.locator("[data-order-live]")).toContainText("The order is saved");
  await expect(rows.nth(0)).toContainText(title);
  await expect(focused(page)).toHaveAttribute("data-of", title);

  await reader.goto("/");
  await expect(lead).toContainText(title);
  // Said once for all that the same hand has put there.
  await expect(reader.locator(".front-lead")).toContainText("Picked by the editors: Picked for this test");

  // It ends at a full minute, as such times do, some seconds from now.
  await rows.nth(0).getByRole("link", { name: "Time and note" }).click();
  const ends = Math.ceil((Date.now() + 15_000) / 60_000) * 60_000;
  await page.getByLabel("Until").fill(local(ends));
  await page.getByRole("button", { name: "Save" }).click();
  await expect(rows.nth(0)).toContainText("Until");
  await expect(async () => {
    await reader.goto("/");
    await expect(lead).toContainText(other.title, { timeout: 500 });
  }).toPass({ timeout: 90_000 });
  expect(Date.now()).toBeGreaterThanOrEqual(ends);

  await page.goto("/admin/headlines/home");
  await rows.filter({ hasText: other.title }).getByRole("button", { name: "Remove" }).click();
  await expect(rows.filter({ hasText: other.title })).toHaveCount(0);
  await page.goto("/admin/headlines/log");
  await expect(page.locator("tbody tr").first()).toContainText("Removed");
});

test("rows are dragged", async ({ open }) => {
  const [first, second] = [await published(open, "culture"), await published(open, "culture")];
  const page = await open({ as: "editor" });
  for (const { id } of [first, second]) {
    await page.goto(`/admin/headlines/pinned-culture?q=${id}`);
    await page.getByRole("button", { name: "Put it first" }).click();
  }
  const rows = page.locator("[data-order] > li");
  await expect(rows.nth(0)).toContainText(second.title);
  await rows.nth(1).locator("[data-grip]").dragTo(rows.nth(0), { targetPosition: { x: 60, y: 4 } });
  await expect(page.locator("[data-order-live]")).toContainText("The order is saved");
  await expect(rows.nth(0)).toContainText(first.title);
  await page.reload();
  await expect(rows.nth(0)).toContainText(first.title);
});

test("a topic is made without JavaScript", async ({ open }) => {
  const [one, two] = [await published(open, "food"), await published(open, "food")];
  const page = await open({ as: "editor", js: false });
  const slug = fresh("topic");
  await page.goto("/admin/topics");
  await page.getByLabel("Name in the address").fill("Not a name!");
  await page.getByRole("button", { name: "Make a topic" }).click();
  await expect(page.getByRole("alert")).toContainText("2 things");
  await page.getByLabel("Name in the address").fill(slug);
  await page.getByLabel("English title").fill("By the quay");
  await page.getByRole("button", { name: "Make a topic" }).click();
  await expect(page.getByRole("heading", { name: "By the quay" })).toBeVisible();
  for (const { id, title } of [one, two]) {
    await page.getByLabel("Address of an article").fill(id);
    await page.getByRole("button", { name: "Search" }).last().click();
    await page.getByRole("button", { name: "Add an article" }).click();
    await expect(page.locator("[data-order]")).toContainText(title);
  }
  const rows = page.locator("[data-order] > li");
  const row = rows.filter({ hasText: one.title });
  await row.getByRole("button", { name: "Down" }).click();
  await expect(rows.nth(0)).toContainText(two.title);
  await row.getByLabel("Heading").fill("At noon");
  await row.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.locator(".notice-line[role=status]")).toContainText("The topic is published.");

  const reader = await open({ js: false });
  expect((await reader.goto(`/topic/${slug}`)).status()).toBe(200);
  await expect(reader.getByRole("heading", { name: "At noon" })).toBeVisible();
  await expect(async () => {
    await reader.goto(`/article/${one.id}`);
    await expect(reader.getByRole("link", { name: "By the quay" })).toBeVisible({ timeout: 500 });
  }).toPass();
});
