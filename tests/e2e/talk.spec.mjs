// A reader signs up, talks, likes, follows and keeps: with the script, and by plain forms.

import { expect, fresh, signUp, site, test } from "./site.mjs";

for (const js of [true, false]) {
  const how = js ? "with JavaScript" : "without JavaScript";

  test(`sign up, comment and reply ${how}`, async ({ open }) => {
    const page = await open({ js });
    const address = `/article/${site().en}`;
    await page.goto(address);
    await page.locator("#comments").getByRole("link", { name: "Sign up" }).click();
    await signUp(page, "Nora Quill", address);

    const said = `The float in the pipe is the part I never knew. ${fresh("c")}`;
    await page.getByLabel("Write a comment").fill(said);
    await page.getByRole("button", { name: "Post comment" }).click();
    await expect(page).toHaveURL(/#comment-\w+$/);
    const own = page.locator(`#comments .floor[id^='comment-']`).filter({ hasText: said }).first();
    await expect(own).toContainText("Nora Quill");
    await expect(own).toBeInViewport();

    // An answer to it is written right under it, and stands on its shoulders.
    await own.getByRole("link", { name: /^Reply/ }).last().click();
    const reply = own.getByLabel("Replying to Nora Quill");
    await expect(reply).toBeVisible();
    if (js) {
      await expect(reply).toBeFocused();
      await reply.fill("Half a th");
      await page.keyboard.press("Escape");
      await expect(reply).toHaveCount(0);
      await expect(own.getByRole("link", { name: /^Reply/ })).toBeFocused();
      await page.keyboard.press("Enter");
      await expect(reply).toHaveValue("Half a th");
    } else {
      await expect(reply).toBeInViewport();
    }
    const answer = `And the pipe keeps the waves out. ${fresh("r")}`;
    await reply.fill(answer);
    await page.getByRole("button", { name: "Post reply" }).click();
    await expect(page).toHaveURL(/#comment-\w+$/);
    const tower = page.locator("#comments .floor[id^='comment-']").filter({ hasText: answer });
    await expect(tower.locator(".tower")).toContainText(said);

    // Everybody sees both.
    const other = await open({ js: false });
    await other.goto(`${address}/comments?sort=new`);
    await expect(other.locator("#comments")).toContainText(said);
    await expect(other.locator("#comments")).toContainText(answer);
  });

  test(`nothing is lost of a comment that is refused ${how}`, async ({ open }) => {
    const page = await open({ js, as: "reader" });
    await page.goto(`/article/${site().en}`);
    const text = page.getByLabel("Write a comment");
    // Blank passes the browser's own check, not the site's.
    await text.fill("   ");
    await page.getByRole("button", { name: "Post comment" }).click();
    await expect(page.getByText("Write something first.").first()).toBeVisible();
  });

  test(`an answer that is refused stays under its comment ${how}`, async ({ open }) => {
    const page = await open({ js, as: "reader" });
    await page.goto(`/article/${site().en}`);
    // Others may like another one meanwhile, which comes first then.
    const first = await page.locator("#comments .floor[id^='comment-']").first().getAttribute("id");
    const floor = page.locator(`#${first}`);
    await floor.getByRole("link", { name: /^Reply/ }).click();
    await floor.locator("textarea").fill("  ");
    await page.getByRole("button", { name: "Post reply" }).click();
    await expect(page.locator(".answer").getByText("Write something first.")).toBeVisible();
    await expect(page.locator(".floor .answer textarea")).toHaveCount(1);
  });

  test(`like, keep and follow ${how}`, async ({ open }) => {
    const page = await open({ js });
    const address = `/article/${site().zh}`;
    await signUp(page, "Ada Reed", address);
    const actions = page.locator("#actions");

    for (const [before, after] of [[/^(Like|\d+ likes?)$/, /^\d+ likes?$/], ["Save", "Saved"], [/^Follow /, /^Following /]]) {
      await actions.getByRole("button", { name: before, exact: true }).click();
      await expect(actions.getByRole("button", { name: after, exact: true })).toHaveAttribute("aria-pressed", "true");
    }
    await page.reload();
    await expect(actions.locator("button[aria-pressed=true]")).toHaveCount(3);
    await expect(page.locator("#author-card").getByRole("button", { name: "Following" })).toBeVisible();

    await page.goto("/favourites");
    await expect(page.locator(`main a[href='${address}']`).first()).toBeVisible();
    await page.goto("/following");
    await expect(page.locator(`main a[href='/@${site().author}']`).first()).toBeVisible();

    await page.goto(address);
    await actions.getByRole("button", { name: "Saved" }).click();
    await expect(actions.getByRole("button", { name: "Save", exact: true })).toHaveAttribute("aria-pressed", "false");
    await page.goto("/favourites");
    await expect(page.locator("main")).toContainText("Articles you save will appear here");
  });

  test(`a liked comment stays liked ${how}`, async ({ open }) => {
    const page = await open({ js });
    const address = `/article/${site().en}`;
    await signUp(page, "Ben Sallow", address);
    const like = page.locator("#comments .floor[id^='comment-'] .floor-tools button").first();
    await like.click();
    if (js) {
      await expect(like).toHaveAttribute("aria-pressed", "true");
      await page.reload();
      await expect(like).toHaveAttribute("aria-pressed", "true");
    } else {
      await expect(page).toHaveURL(/#comment-\w+$/);
    }
  });

  test(`sign out, a wrong password, sign in ${how}`, async ({ open }) => {
    const page = await open({ js });
    const { handle, password } = await signUp(page, "Cleo Marsh", "/latest");
    await page.locator("#site-bar summary").click();
    await page.locator("#site-bar").getByRole("button", { name: "Sign out" }).click();
    await expect(page.locator("#site-bar").getByRole("link", { name: "Sign in" })).toBeVisible();

    await page.goto("/login?return=/hot");
    const enter = async (password) => {
      await page.getByLabel("User name").fill(handle);
      await page.getByLabel("Password").fill(password);
      await page.getByRole("button", { name: "Sign in" }).click();
    };
    await enter("not the password");
    await expect(page.getByRole("alert")).toContainText("User name or password is wrong.");
    await enter(password);
    await expect(page).toHaveURL(/\/hot$/);
    await expect(page.locator("#site-bar summary")).toContainText("Cleo Marsh");
  });
}
