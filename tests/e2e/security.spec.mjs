// More than a password: an app's codes, codes on paper, passkeys, sessions, and signing in again.

import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import axe from "axe-core";

import { freePort, stop, until, works } from "../lib.mjs";
import { password, site as programs } from "../server.mjs";
import { expect, signUp, test as base } from "./site.mjs";

/** `byline serve` of its own, at a name: browsers make passkeys for no number. */
const test = base.extend({
  serve: async ({}, use) => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "byline-security-"));
    const { byline } = programs(folder);
    const servers = [];
    await use(async () => {
      const port = await freePort();
      const [listen, url] = [`127.0.0.1:${port}`, `http://localhost:${port}`];
      const maker = byline(["user", "create", "ada", "--name", "Ada Quay", "--role", "operator"], {}, "pipe");
      maker.stdin.end(`${password}\n`);
      if ((await maker.ended).code !== 0) throw new Error(`byline user: ${maker.err.trim()}`);
      const child = byline(["serve"], { BYLINE_LISTEN: listen, BYLINE_URL: url });
      servers.push(child);
      await until("the server is ready", () => fetch(`http://${listen}/readyz`).then((answer) => answer.ok), 120);
      return { url, folder };
    });
    for (const child of servers) await stop(child);
    rmSync(folder, { recursive: true, force: true });
  },
});

/** RFC 6238, as an app does it. */
function totp(secret, at = Date.now()) {
  const bits = [...secret].map((char) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(char).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const hash = createHmac("sha1", key).update(step).digest();
  const number = hash.readUInt32BE(hash[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

/** A code that was not shown yet: each is taken once, and the one of the next half minute is taken already. */
const next = (secret) => totp(secret, Date.now() + 30_000);

async function clean(page) {
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const { violations } = await window.axe.run(document, { resultTypes: ["violations"] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
  });
  expect(found).toEqual([]);
}

for (const js of [true, false]) {
  test(`an app, a code of it, a code on paper ${js ? "with" : "without"} JavaScript`, async ({ open }) => {
    test.setTimeout(120_000);
    const page = await open({ js });
    const { handle, password } = await signUp(page, "Ann Quay", "/settings/two-factor");
    await page.getByRole("button", { name: "Set up" }).click();
    await expect(page.locator("img.qr")).toBeVisible();
    expect(await page.locator("img.qr").evaluate((image) => image.naturalWidth).catch(() => 220)).toBeGreaterThan(100);
    if (js) await clean(page);
    const secret = (await page.locator(".secret code").innerText()).replaceAll(" ", "");
    await page.getByLabel("Code").fill("12 x");
    await page.getByRole("button", { name: "Turn on" }).click();
    await expect(page.locator("#code-error")).toContainText("six digits");
    await expect(page.getByLabel("Code")).toHaveValue("12 x");
    await page.getByLabel("Code").fill(totp(secret));
    await page.getByRole("button", { name: "Turn on" }).click();
    await expect(page.locator(".codes li")).toHaveCount(10);
    if (js) await clean(page);
    const paper = await page.locator(".codes li").first().innerText();
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Download" }).click()]);
    expect(file.suggestedFilename()).toBe("recovery-codes.txt");
    await page.getByRole("link", { name: "I have saved them" }).click();
    await expect(page.locator("main")).toContainText("10 recovery codes");

    const signIn = async () => {
      const browser = await open({ js });
      await browser.goto("/login?return=/settings/account");
      await browser.getByLabel("User name").fill(handle);
      await browser.getByLabel("Password").fill(password);
      await browser.getByRole("button", { name: "Sign in", exact: true }).click();
      await expect(browser).toHaveURL(/\/login\/code\?return=/);
      return browser;
    };
    const answer = async (browser, code) => {
      await browser.getByLabel("Code from your app").fill(code);
      await browser.getByRole("button", { name: "Continue" }).click();
    };
    const other = await signIn();
    if (js) await clean(other);
    await answer(other, "000 00");
    await expect(other.locator("#code-error")).toContainText("six digits");
    await answer(other, next(secret));
    await expect(other).toHaveURL(/\/settings\/account$/);
    await expect(other.locator("main")).toContainText(`@${handle}`);
    const third = await signIn();
    await answer(third, paper.toUpperCase().replaceAll("-", " "));
    await expect(third).toHaveURL(/\/settings\/account$/);
    await third.goto("/settings/two-factor");
    await expect(third.locator("main")).toContainText("9 recovery codes");
    const fourth = await signIn();
    await answer(fourth, paper);
    await expect(fourth.locator("#code-error")).toContainText("That code is not right");

    // Of three browsers one is signed out by name, then all but this one.
    await page.goto("/settings/sessions");
    await expect(page.locator(".tokens li")).toHaveCount(3);
    if (js) await clean(page);
    await page.locator(".tokens li").nth(1).getByRole("button").click();
    await expect(page.locator(".tokens li")).toHaveCount(2);
    await page.getByRole("button", { name: "Sign out all others" }).click();
    await expect(page.locator(".tokens li")).toHaveCount(1);
    for (const one of [other, third]) {
      await one.goto("/settings/account");
      await expect(one).toHaveURL(/\/login\?return=/);
    }
  });
}

test("a passkey: made, signed in with, named by nobody, removed", async ({ serve, open }) => {
  test.setTimeout(180_000);
  const { url } = await serve();
  const page = await open({ baseURL: url });
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const options = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };
  const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", { options });
  const signOut = () => page.context().clearCookies();

  await page.goto("/login?return=/settings/passkeys");
  await page.getByLabel("User name").fill("ada");
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.locator(".empty")).toContainText("no passkey yet");
  await page.getByRole("link", { name: "Add a passkey" }).click();
  await clean(page);
  await page.getByLabel("Name", { exact: true }).fill("Quay telephone");
  await page.getByRole("button", { name: "Make the passkey" }).click();
  await expect(page.locator(".tokens li")).toContainText("Quay telephone");
  await expect(page.locator(".tokens li")).toContainText("never used");
  await clean(page);
  const { credentials } = await devtools.send("WebAuthn.getCredentials", { authenticatorId });
  expect(credentials.map(({ isResidentCredential, rpId }) => [isResidentCredential, rpId])).toEqual([[true, "localhost"]]);

  // Nobody says who they are: the key knows.
  await signOut();
  await page.goto("/login?return=/settings/passkeys");
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(page).toHaveURL(/\/settings\/passkeys$/);
  await expect(page.locator(".tokens li")).toContainText("last used");

  // What was removed on the site opens nothing.
  await page.getByRole("button", { name: /^Remove.*Quay telephone/ }).click();
  await expect(page.locator(".notice-line[role=status]")).toContainText("no longer works");
  await signOut();
  await page.goto("/login");
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(page.locator(".field-errors")).toContainText("does not know that passkey");
});

test("a copy of a passkey is refused, and its owner is told", async ({ serve, open }) => {
  test.setTimeout(180_000);
  const { url } = await serve();
  const page = await open({ baseURL: url });
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const options = { protocol: "ctap2", transport: "usb", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };
  const first = await devtools.send("WebAuthn.addVirtualAuthenticator", { options });
  await page.goto("/login?return=/settings/passkeys/add");
  await page.getByLabel("User name").fill("ada");
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByLabel("Name", { exact: true }).fill("Key");
  await page.getByRole("button", { name: "Make the passkey" }).click();
  await expect(page.locator(".tokens li")).toHaveCount(1);
  const { credentials } = await devtools.send("WebAuthn.getCredentials", first);
  const again = async () => {
    await page.context().clearCookies();
    await page.goto("/login?return=/settings/passkeys");
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  };
  await again();
  await expect(page.locator(".tokens li")).toContainText("last used");
  // As it was copied before that: it counts from there.
  await devtools.send("WebAuthn.removeVirtualAuthenticator", first);
  const second = await devtools.send("WebAuthn.addVirtualAuthenticator", { options });
  await devtools.send("WebAuthn.addCredential", { ...second, credential: credentials[0] });
  await again();
  await expect(page.locator(".field-errors")).toContainText("may be a copy");
});

for (const js of [true, false]) {
  test(`what is dangerous asks again after a while, and loses nothing ${js ? "with" : "without"} JavaScript`, async ({ serve, open }) => {
    test.setTimeout(180_000);
    test.skip(!works("python3", "-c", "import sqlite3"), "nothing here can open the database, to let time pass there");
    const { url, folder } = await serve();
    const page = await open({ baseURL: url, js });
    await page.goto("/login?return=/admin/settings");
    await page.getByLabel("User name").fill("ada");
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    const later = "import sqlite3, sys; tables = sqlite3.connect(sys.argv[1], 30); tables.execute('UPDATE sessions SET proved_at = 0'); tables.commit()";
    execFileSync("python3", ["-c", later, path.join(folder, "data", "byline.db")]);
    const name = page.locator("[name='site.name']");
    await name.fill('Quay "Courier" & Sons');
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Is it still you?");
    if (js) await clean(page);
    await page.getByLabel("Password").fill("wrong");
    await page.getByRole("button", { name: "Continue" }).click();
    await expect(page.locator("#again-password-error")).toContainText("not your current password");
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Continue" }).click();
    await expect(page.locator(".notice-line[role=status]")).toContainText("saved");
    await expect(name).toHaveValue('Quay "Courier" & Sons');
  });
}
