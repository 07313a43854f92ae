// Somebody is answered: their open page says so at once, the list leads to the answer, and what was read is read everywhere.

import { answer, expect, fresh, say, signUp, test } from "./site.mjs";

const bell = (page) => page.locator("#site-bar [data-unread]");

test("an answer reaches the other browser within a second", async ({ open }) => {
  const [asking, answering] = [await open(), await open()];
  await signUp(asking, "Iris Weir");
  await signUp(answering, "Otto Lock");
  const id = await say(asking, `Which lamp was it? ${fresh("q")}`);
  await asking.goto("/hot");
  await expect(bell(asking)).toHaveAttribute("data-unread", "0");
  // From here on it hears of what happens.
  await expect(asking.locator("html")).toHaveAttribute("data-listens", "yes");

  const said = `The brass one. ${fresh("a")}`;
  await answering.goto(`/comment/${id}?reply=${id}`);
  await answering.locator(".answer textarea").fill(said);
  // Measured where both are: from the answer of the form to the number on the other page.
  const [sent] = await Promise.all([
    answering.waitForResponse((response) => response.request().method() === "POST" && response.url().includes("/comments")),
    answering.getByRole("button", { name: "Post reply" }).click(),
  ]);
  expect(sent.status()).toBe(303);
  await expect(bell(asking)).toHaveAttribute("data-unread", "1", { timeout: 1_000 });
  await expect(bell(asking)).toContainText("Notifications: 1 unread");
  await expect(asking.locator("#site-bar [role=status]").last()).toHaveText("Notifications: 1 unread");

  await bell(asking).click();
  await expect(asking).toHaveURL(/\/notifications$/);
  const row = asking.locator(".told > .unread");
  await expect(row).toContainText("Otto Lock answered your comment");
  await row.getByRole("link", { name: said }).click();
  await expect(asking).toHaveURL(/\/comment\/\w+$/);
  await expect(asking.locator("main")).toContainText(said);
  // What was opened is read.
  await expect(bell(asking)).toHaveAttribute("data-unread", "0");
});

test("notifications work without JavaScript", async ({ open }) => {
  const [asking, answering] = [await open({ js: false }), await open({ js: false })];
  await signUp(asking, "Nell Sluice");
  await signUp(answering, "Hugo Pike");
  const id = await say(asking, `Which buoy was it? ${fresh("q")}`);
  await answer(answering, id, `The red one. ${fresh("a")}`);
  // What follows the journal comes a moment later.
  await expect(async () => {
    await asking.goto("/latest");
    await expect(bell(asking)).toHaveAttribute("data-unread", "1", { timeout: 500 });
  }).toPass();
  await bell(asking).click();
  await expect(asking.locator(".told > .unread")).toHaveCount(1);
  await asking.getByRole("button", { name: "Mark all as read" }).click();
  await expect(asking).toHaveURL(/\/notifications$/);
  await expect(asking.locator(".told > li")).toHaveCount(1);
  await expect(asking.locator(".told > .unread")).toHaveCount(0);
  await expect(bell(asking)).toHaveAttribute("data-unread", "0");

  // Of answers nothing any more.
  await asking.getByRole("main").getByRole("link", { name: "Notification settings" }).click();
  await asking.getByRole("checkbox", { name: "Answers: On the site" }).uncheck();
  await asking.getByLabel("From").fill("22:30");
  await asking.getByRole("button", { name: "Save" }).click();
  await expect(asking.getByText("Quiet hours have a beginning and an end").first()).toBeVisible();
  await expect(asking.getByRole("checkbox", { name: "Answers: On the site" })).not.toBeChecked();
  await asking.getByLabel("Until").fill("07:00");
  await asking.getByRole("button", { name: "Save" }).click();
  await expect(asking.getByText("Quiet hours have a beginning and an end")).toHaveCount(0);
  await expect(asking.locator("#page > .notice-line[role=status]")).toHaveText("Saved.");
  await expect(asking.getByRole("checkbox", { name: "Answers: On the site" })).not.toBeChecked();
  await expect(asking.getByLabel("From")).toHaveValue("22:30");
});
