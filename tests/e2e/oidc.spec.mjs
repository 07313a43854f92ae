// Signing in with an account elsewhere: a site of its own, and a provider (the package oidc-provider), both on the loopback interface.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { test as base, expect } from "@playwright/test";
import Provider from "oidc-provider";

import { freePort, stop } from "../lib.mjs";
import { password, site } from "../server.mjs";

const SECRET = "the secret of the journeys";

/** A provider at which anybody is whoever they say that they are. */
function startProvider(issuer, port, redirect) {
  const claims = (id) => ({ sub: id, preferred_username: id, name: `Ann ${id}`, email: `${id}@example.org`, email_verified: true });
  const provider = new Provider(issuer, {
    clients: [{ client_id: "byline", client_secret: SECRET, redirect_uris: [redirect] }],
    claims: { openid: ["sub"], profile: ["name", "preferred_username"], email: ["email", "email_verified"] },
    cookies: { keys: ["journeys"] },
    pkce: { required: () => true },
    findAccount: (_, id) => ({ accountId: id, claims: () => claims(id) }),
  });
  return new Promise((resolve) => {
    const server = provider.listen(port, "127.0.0.1", () => resolve(server));
  });
}

const test = base.extend({
  house: [
    async ({}, use) => {
      const folder = mkdtempSync(path.join(tmpdir(), "byline-oidc-"));
      const data = path.join(folder, "data");
      const { byline, serve } = site(folder);
      const port = await freePort();
      const issuer = `http://127.0.0.1:${port}`;
      const config = path.join(folder, "byline.toml");
      writeFileSync(
        config,
        `data = "${data}"\nlocale = "en"\noutbound_allow = ["127.0.0.1"]\n\n[[oidc]]\nid = "work"\nlabel = "Staff"\nissuer = "${issuer}"\nclient_id = "byline"\nclient_secret = "${SECRET}"\n`,
      );
      const maker = byline(["user", "create", "boss", "--role", "operator", "--config", config], {}, "pipe");
      maker.stdin.end(`${password}\n`);
      expect((await maker.ended).code, maker.err).toBe(0);
      const { url, child } = await serve(["serve", "--config", config]);
      const house = { url, provider: await startProvider(issuer, port, `${url}/login/oidc/work/callback`) };
      await use(house);
      await stop(child);
      house.provider.closeAllConnections();
      await new Promise((resolve) => house.provider.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
    { scope: "worker", timeout: 180_000 },
  ],
});

// One after the other: the last takes the provider away.
test.describe.configure({ mode: "serial" });

/** A browser of its own. The provider's pages ask for a font of somebody else's, which no test waits for. */
async function visit(browser, house, js = true) {
  const context = await browser.newContext({ baseURL: house.url, locale: "en", javaScriptEnabled: js });
  await context.route(({ hostname }) => hostname !== "127.0.0.1", (route) => route.abort());
  return context.newPage();
}

/** Signs in at the provider and agrees there. */
async function agree(page, id) {
  await page.locator("[name=login]").fill(id);
  await page.locator("[name=password]").fill("any");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
}

for (const js of [true, false]) {
  test(`sign up by a provider, sign in by it, set a password, remove the link ${js ? "with" : "without"} JavaScript`, async ({ browser, house }) => {
    test.setTimeout(120_000);
    const page = await visit(browser, house, js);
    const id = js ? "anna" : "berta";
    await page.goto("/login?return=/about");
    await page.getByRole("button", { name: "Sign in with Staff" }).click();
    await agree(page, id);

    await expect(page).toHaveURL(/\/signup\/oidc$/);
    await expect(page.locator("main")).toContainText("Do you have an account here already?");
    await expect(page.locator("main")).toContainText(`${id}@example.org`);
    await expect(page.getByLabel("User name")).toHaveValue(id);
    await page.getByLabel("User name").fill("a/b");
    await page.getByRole("button", { name: "Sign up" }).click();
    await expect(page.locator("#handle-error")).toBeVisible();
    await expect(page.getByLabel("Display name")).toHaveValue(`Ann ${id}`);
    await page.getByLabel("User name").fill(id);
    await page.getByRole("button", { name: "Sign up" }).click();
    await expect(page).toHaveURL(/\/about$/);
    // The page that led there made nobody a visitor.
    await expect(page.locator("#site-bar summary")).toBeVisible();

    await page.goto("/settings/identities");
    await expect(page.locator("main")).toContainText("Staff");
    await page.getByRole("button", { name: /Remove the link/ }).click();
    await expect(page.locator("main")).toContainText("only way to sign in");
    await page.goto("/settings/account");
    await page.getByLabel("New password").fill("a quay, a lamp and a tide");
    await page.getByRole("button", { name: "Set password" }).click();
    await expect(page.getByLabel("Current password")).toBeVisible();
    await page.locator("#site-bar summary").click();
    await page.locator("#site-bar").getByRole("button", { name: "Sign out" }).click();
    await expect(page).toHaveURL(/\/$/);

    // The provider knows the browser, and asks nothing more.
    await page.goto("/login?return=/settings/identities");
    await page.getByRole("button", { name: "Sign in with Staff" }).click();
    await expect(page).toHaveURL(/\/settings\/identities$/);
    await page.getByRole("button", { name: /Remove the link/ }).click();
    await expect(page.locator("main")).toContainText("The link is removed.");

    // Linked again by hand, and not agreed to.
    await page.getByRole("button", { name: "Link Staff" }).click();
    await expect(page.locator("main")).toContainText("The account is linked.");
    await page.context().close();

    const denied = await visit(browser, house, js);
    await denied.goto("/login");
    await denied.getByRole("button", { name: "Sign in with Staff" }).click();
    await denied.getByRole("link", { name: "[ Cancel ]" }).click();
    await expect(denied.locator("main")).toContainText("You did not agree, or cancelled.");
    await expect(denied).toHaveURL(/\/login\/oidc\/work\/callback/);
    await denied.context().close();
  });
}

test("an invitation goes along, and a provider that is gone keeps nobody out", async ({ browser, house }) => {
  test.setTimeout(120_000);
  const page = await visit(browser, house);
  await page.goto("/login?return=/admin/invitations");
  await page.getByLabel("User name").fill("boss");
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByLabel("Role from the beginning").selectOption("reviewer");
  await page.getByRole("button", { name: "Invite" }).click();
  const link = await page.getByLabel("The link").inputValue();

  const guest = await visit(browser, house);
  await guest.goto(link);
  await expect(guest.locator("main")).toContainText("boss invites you");
  await guest.getByRole("button", { name: "Sign in with Staff" }).click();
  await agree(guest, "carla");
  await expect(guest.locator("main")).toContainText("You will be: Reviewer");
  await guest.getByRole("button", { name: "Sign up" }).click();
  await guest.goto("/admin/review");
  await expect(guest.getByRole("heading", { level: 1 })).toBeVisible();
  await guest.context().close();
  const late = await visit(browser, house);
  await late.goto(link);
  await expect(late.locator("main")).toContainText("used already");

  // What it said of itself is kept for an hour, so the browser comes to nobody; the site itself answers.
  house.provider.closeAllConnections();
  await new Promise((resolve) => house.provider.close(resolve));
  await late.goto("/login");
  await expect(late.getByRole("button", { name: "Sign in with Staff" })).toBeVisible();
  await late.getByLabel("User name").fill("boss");
  await late.getByLabel("Password").fill(password);
  await late.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(late).toHaveURL(/\/$/);
  await late.context().close();
  await page.context().close();
});
