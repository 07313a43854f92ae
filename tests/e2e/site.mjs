// The site under test as the journeys see it: people, pages, and a `test` whose pages may not complain.

import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import path from "node:path";

import { test as base, expect } from "@playwright/test";

import { E2E, until } from "../lib.mjs";

export { expect };

/** Who of the demo can sign in. */
export const PEOPLE = ["operator", "reviewer", "editor", "mara", "linqiu", "reader"];

/** The password of all of them. */
export const PASSWORD = "byline-demo";

/** So long nobody is asked again, less what a test takes (milliseconds). */
const FRESH = 10 * 60_000;

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
      // A session of the set-up is asked to sign in again before what is dangerous, a quarter of an hour later.
      if (as && Date.now() - statSync(stateOf(as)).mtimeMs > FRESH) {
        await context.request.post("/login/again", { form: { "again-password": PASSWORD, return: "/about" } });
      }
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

/** Writes a comment under the English article; its id. */
export async function say(page, text) {
  await page.goto(`/article/${site().en}`);
  await page.getByLabel("Write a comment").fill(text);
  await page.getByRole("button", { name: "Post comment" }).click();
  await expect(page).toHaveURL(/#comment-\w+$/);
  return page.url().split("#comment-")[1];
}

/** Answers a comment on its own page. */
export async function answer(page, id, text) {
  await page.goto(`/comment/${id}?reply=${id}`);
  await page.locator(".answer textarea").fill(text);
  await page.getByRole("button", { name: "Post reply" }).click();
  await expect(page).toHaveURL(/#comment-\w+$/);
}

/** Where the site keeps its mail; of two nodes each has its own. */
const MAIL = (process.env.E2E_NODES === "2" ? ["one", "two"] : ["."]).map((node) => path.join(E2E, "out", "site", node, "mail"));

/** The plain text of a message. */
function textOf(message) {
  const [, boundary] = message.match(/boundary="([^"]+)"/);
  const part = message.split(`--${boundary}`).find((one) => /^content-type: text\/plain/im.test(one));
  const at = part.indexOf("\r\n\r\n");
  const [head, body] = [part.slice(0, at), part.slice(at + 4)];
  const encoding = head.match(/^content-transfer-encoding: *(\S+)/im)?.[1].toLowerCase();
  if (encoding === "base64") return Buffer.from(body, "base64").toString();
  if (encoding !== "quoted-printable") return body;
  const bytes = body.replace(/=\r?\n/g, "").replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString();
}

/** What the site wrote to an address, in plain text: the one mail with those words, once it is there. */
export function mailTo(address, words) {
  const all = () => MAIL.filter(existsSync).flatMap((folder) => readdirSync(folder).filter((name) => name.endsWith(".eml")).map((name) => readFileSync(path.join(folder, name), "latin1")));
  const texts = () => all().filter((message) => message.includes(address)).map(textOf);
  return until(`a mail to ${address} that says ${words}`, () => texts().find((text) => text.includes(words)));
}

/** The same mail's link to a page of the site, as a path. */
export async function linkIn(address, page) {
  const mail = await mailTo(address, `${page}?token=`);
  const { pathname, search } = new URL(mail.match(new RegExp(`https?://\\S+${page}\\?token=[\\w-]+`))[0]);
  return pathname + search;
}
