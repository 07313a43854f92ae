// A reader mutes and blocks, and takes it back: with the script, and by plain forms.

import { expect, fresh, signUp, site, test } from "./site.mjs";

/** Says something under the English article; where that stands alone. */
async function say(page, text) {
  await page.getByLabel("Write a comment").fill(text);
  await page.getByRole("button", { name: "Post comment" }).click();
  await expect(page).toHaveURL(/#comment-\w+$/);
  return page.url().split("#comment-")[1];
}

/** The page as everybody gets it: whoever has just written something is given their own for a moment. */
async function asEverybody(page) {
  await page.context().clearCookies({ name: /wrote/ });
  await page.reload();
}

for (const js of [true, false]) {
  const how = js ? "with JavaScript" : "without JavaScript";
  const article = () => `/article/${site().en}`;

  test(`a muted voice is folded to a line ${how}`, async ({ open }) => {
    const talker = await open({ js: false, as: "linqiu" });
    await talker.goto(article());
    const said = `Gauges are for cowards. ${fresh("m")}`;
    const comment = await say(talker, said);

    const page = await open({ js });
    await signUp(page, "Mina Hale", `/comment/${comment}`);
    const floor = page.locator(".floor").filter({ hasText: said });
    await expect(floor.locator(".words")).toBeVisible();
    await floor.getByRole("link", { name: /^Mute/ }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Mute or block ./);
    await page.getByRole("button", { name: /^Mute/ }).click();
    await expect(page).toHaveURL(new RegExp(`#comment-${comment}$`));

    await page.goto(`/comment/${comment}`);
    for (const again of [false, true]) {
      if (again) await asEverybody(page);
      const line = floor.getByText("A muted reader: show");
      await expect(line).toBeVisible();
      await expect(floor.locator(".words")).toBeHidden();
      await line.click();
      await expect(floor.locator(".words")).toBeVisible();
    }

    // Everybody else reads it, and whoever wrote it sees nothing of that.
    const visitor = await open({ js });
    for (const other of [visitor, talker]) {
      await other.goto(`/comment/${comment}`);
      await expect(other.locator(".floor .words")).toHaveText(said);
      await expect(other.locator("details.muted")).toHaveCount(0);
    }

    await page.goto("/settings/blocks");
    await expect(page.locator(".muted-list li")).toHaveCount(1);
    await page.getByRole("button", { name: /^Unmute/ }).click();
    await expect(page.locator("main")).toContainText("You have muted or blocked nobody.");
    await page.goto(`/comment/${comment}`);
    await expect(floor.locator(".words")).toBeVisible();
  });

  test(`a muted author is in no list ${how}`, async ({ open }) => {
    const page = await open({ js });
    await signUp(page, "Ira Flint", "/latest");
    const author = await page.locator("main [data-author]").first().getAttribute("data-author");
    const cards = page.locator(`main [data-author="${author}"]:visible`);
    await page.goto(`/@${author}`);
    await page.getByText("Mute or block", { exact: true }).click();
    await page.getByRole("button", { name: /^Mute/ }).click();
    await expect(page.getByText("You muted this author", { exact: true })).toBeVisible();
    // Their own page shows what they wrote.
    await expect(cards.first()).toBeVisible();

    for (const list of ["/latest", "/", "/hot", article()]) {
      await page.goto(list);
      await expect(page.locator("main h1")).toHaveCount(1);
      await expect(cards).toHaveCount(0);
      await asEverybody(page);
      await expect(cards).toHaveCount(0);
    }
    const visitor = await open({ js });
    await visitor.goto("/latest");
    await expect(visitor.locator(`main [data-author="${author}"]`).first()).toBeVisible();

    await page.goto("/settings/blocks");
    await page.getByRole("button", { name: /^Unmute/ }).click();
    await page.goto("/latest");
    await expect(cards.first()).toBeVisible();
  });

  test(`who is blocked is told so ${how}`, async ({ open }) => {
    const page = await open({ js });
    await signUp(page, "Una Wren", article());
    const mine = await say(page, `I measured it myself. ${fresh("u")}`);
    const talker = await open({ js });
    await signUp(talker, "Rolf Keen", article());
    const theirs = await say(talker, `Nobody asked you. ${fresh("k")}`);

    await page.goto(`/comment/${theirs}/mute`);
    await page.getByRole("button", { name: /^Block/ }).click();
    await expect(page).toHaveURL(/#comment-/);

    await talker.goto(`/comment/${mine}`);
    await talker.getByRole("link", { name: /^Reply/ }).click();
    await expect(talker.locator(".answer")).toContainText("has blocked you");
    await expect(talker.locator(".answer textarea")).toHaveCount(0);
    if (!js) {
      await talker.goto(`/comment/${mine}`);
      await talker.getByRole("button", { name: /^Like/ }).click();
      await expect(talker.locator("main")).toContainText("has blocked you");
    }

    await page.goto("/settings/blocks");
    await page.getByRole("button", { name: /^Unblock/ }).click();
    await expect(page.locator("main")).toContainText("You have muted or blocked nobody.");
    await talker.goto(`/comment/${mine}?reply=${mine}`);
    await expect(talker.getByLabel("Replying to Una Wren")).toBeVisible();
  });
}
