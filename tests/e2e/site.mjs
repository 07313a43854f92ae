// The site under test as the journeys see it: people, pages, and a `test` whose pages may not complain.

import { readFileSync } from "node:fs";
import path from "node:path";

import { test as base, expect } from "@playwright/test";

import { E2E } from "../lib.mjs";

export { expect };

/** Who of the demo can sign in. */
export const PEOPLE = ["operator", "reviewer", "editor", "mara", "linqiu", "reader"];

/** Where the signed-in session of one of them is kept for all tests. */
export const stateOf = (handle) => path.join(E2E, "out", "state", `${handle}.json`);

let noted;
/** What the set-up noted: ids of articles and the like. */
export const site = () => (noted ??= JSON.parse(readFileSync(path.join(E2E, "out", "site.json"), "utf8")));

/** A name that no other test and no earlier run has used. */
export const fresh = (word) => `${word}-${Date.now().toString(36)}${Math.random().toString(36).slice(2, 6)}`;

/** Everything that a page complains of: scripts that fail, what the security policy forbids, what is missing, what is asked of others. */
function watch(page, own, complaints) {
  page.on("pageerror", (error) => complaints.push(`${page.url()} threw ${error.message}`));
  page.on("console", (message) => {
    // A page that is an error itself is told apart from something missing on it.
    const itself = message.location().url === page.url() && message.text().startsWith("Failed to load resource");
    if (["error", "warning"].includes(message.type()) && !itself) complaints.push(`${page.url()} said ${message.text()}`);
  });
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith("http") && origin !== own) complaints.push(`${page.url()} asked for ${request.url()}`);
  });
}

/**
 * `open(options)` opens a browser of its own: `{ as: "mara", js: false, … }`, all else as `browser.newContext` takes it. No page of
 * a test may complain, or the test fails.
 */
export const test = base.extend({
  open: async ({ browser, contextOptions, baseURL, locale }, use) => {
    const [contexts, complaints] = [[], []];
    await use(async ({ as, js = true, ...options } = {}) => {
      const context = await browser.newContext({ ...contextOptions, baseURL, locale, javaScriptEnabled: js, storageState: as && stateOf(as), ...options });
      contexts.push(context);
      const page = await context.newPage();
      watch(page, options.baseURL ?? baseURL, complaints);
      return page;
    });
    for (const context of contexts) await context.close();
    expect(complaints, "complaints of the browser").toEqual([]);
  },
});

/** Makes an account by the form of `/signup`; comes back to `back`, signed in. */
export async function signUp(page, name, back = "/") {
  const handle = fresh("u");
  await page.goto(`/signup?return=${encodeURIComponent(back)}`);
  await page.getByLabel("Display name").fill(name);
  await page.getByLabel("User name").fill(handle);
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByRole("button", { name: "Sign up" }).click();
  await expect(page).toHaveURL(new RegExp(`${back.replace(/[?.]/g, "\\$&")}$`));
  return { handle, password: "correct horse battery" };
}
