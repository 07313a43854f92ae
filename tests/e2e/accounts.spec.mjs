// An address of one's own, and a password that was forgotten: mail is read from the folder in which the demo keeps it.

import { expect, fresh, linkIn, mailTo, test } from "./site.mjs";

for (const js of [true, false]) {
  test(`sign up, confirm the address, set a forgotten password anew, sign in ${js ? "with" : "without"} JavaScript`, async ({ open }) => {
    test.setTimeout(120_000);
    const page = await open({ js });
    const [handle, email] = [fresh("u"), `${fresh("ann")}@example.org`];
    const [old, better] = ["correct horse battery", "a quay, a lamp and a tide"];
    await page.goto("/signup?return=/latest");
    await page.getByLabel("Display name").fill("Ann Quay");
    await page.getByLabel("User name").fill(handle);
    await page.getByLabel("E-mail address").fill("ann@");
    await page.getByLabel("Password").fill(old);
    await page.getByRole("button", { name: "Sign up" }).click();
    await expect(page.locator("#email-error")).toContainText("e-mail address");
    await expect(page.getByLabel("E-mail address")).toHaveValue("ann@");
    await expect(page.getByLabel("Display name")).toHaveValue("Ann Quay");
    await page.getByLabel("E-mail address").fill(email);
    await page.getByLabel("Password").fill(old);
    await page.getByRole("button", { name: "Sign up" }).click();

    // Signed in already; the code of the mail can be typed, and the one before it is of no use any more.
    await expect(page).toHaveURL(/\/verify\?return=/);
    await expect(page.locator("main")).toContainText(email);
    const link = await linkIn(email, "/verify");
    const code = (await mailTo(email, "/verify?token=")).match(/^\d{6}\s*$/m)[0].trim();
    await page.getByLabel("Code", { exact: true }).fill("12 x");
    await page.getByRole("button", { name: "Confirm", exact: true }).click();
    await expect(page.locator("#code-error")).toContainText("six digits");
    await expect(page.getByLabel("Code", { exact: true })).toHaveValue("12 x");

    // The link is opened elsewhere, and does nothing until its button is pressed.
    const elsewhere = await open({ js });
    await elsewhere.goto(link);
    await elsewhere.reload();
    await expect(elsewhere.locator("main")).toContainText(`@${handle}`);
    if (js) {
      await elsewhere.getByRole("button", { name: "Confirm", exact: true }).click();
      await expect(elsewhere.locator("main")).toContainText("The address is confirmed.");
      await elsewhere.goto(link);
      await expect(elsewhere.locator("main")).toContainText("used already");
      await page.goto("/verify?return=/latest");
      await expect(page.locator("main")).toContainText("You have no address to confirm");
    } else {
      await page.getByLabel("Code", { exact: true }).fill(`${code.slice(0, 3)} ${code.slice(3)}`);
      await page.getByRole("button", { name: "Confirm", exact: true }).click();
      await expect(page.locator("main")).toContainText("The address is confirmed.");
      await page.getByRole("link", { name: "Continue" }).click();
      await expect(page).toHaveURL(/\/latest$/);
    }
    await page.goto("/settings/account");
    await expect(page.locator("main")).toContainText("Confirmed");
    await page.locator("#site-bar summary").click();
    await page.locator("#site-bar").getByRole("button", { name: "Sign out" }).click();
    await expect(page).toHaveURL(/\/$/);

    // Nobody learns which addresses are known.
    await page.goto("/login");
    await page.getByRole("link", { name: "Forgot your password?" }).click();
    for (const who of [`${fresh("nobody")}@example.org`, email]) {
      await page.goto("/reset");
      await page.getByLabel("E-mail address or user name").fill(who);
      await page.getByRole("button", { name: "Send the link" }).click();
      await expect(page.locator("main [role=status]")).toHaveText("If there is such an account with a confirmed address, a mail is on its way.");
    }
    await page.goto(await linkIn(email, "/reset"));
    await page.getByLabel("New password").fill("short");
    await page.getByRole("button", { name: "Set password" }).click();
    await expect(page.locator("#password-error")).toContainText("At least 10 characters");
    await page.getByLabel("New password").fill(better);
    await page.getByRole("button", { name: "Set password" }).click();
    await expect(page.locator("main [role=status]")).toContainText("Your new password is set.");
    await mailTo(email, "Your password was reset");

    await page.locator("main").getByRole("link", { name: "Sign in" }).click();
    const signIn = async (password) => {
      await page.getByLabel("User name").fill(handle);
      await page.getByLabel("Password").fill(password);
      await page.getByRole("button", { name: "Sign in" }).click();
    };
    await signIn(old);
    await expect(page.locator("#password-error")).toContainText("wrong");
    await signIn(better);
    await expect(page).toHaveURL(/\/$/);
    await page.goto("/settings/account");
    await expect(page.locator("main")).toContainText(`@${handle}`);
    // All browsers were forgotten with the password.
    await mailTo(email, "Was that you?");
  });
}
