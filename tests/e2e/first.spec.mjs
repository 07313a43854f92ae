// An operator's first ten minutes: an empty folder, one command, and what it and the pages say. Nothing here knows an address.

import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import { freePort, stop, until } from "../lib.mjs";
import { site as programs } from "../server.mjs";
import { expect, test as base } from "./site.mjs";

/** `byline serve` in a folder of its own: where it says that it is, and where it says to begin. */
const test = base.extend({
  start: async ({}, use) => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "byline-first-"));
    const { byline } = programs(folder);
    const servers = [];
    await use(async () => {
      const child = byline(["serve"], { BYLINE_LISTEN: `127.0.0.1:${await freePort()}` });
      servers.push(child);
      const found = await until("the program says where to begin", () => {
        if (child.end) throw new Error(child.err);
        return child.out.match(/in your browser: (\S+)/);
      });
      return { begin: found[1], url: child.out.match(/the site is at (\S+)/)[1] };
    });
    for (const child of servers) await stop(child);
    rmSync(folder, { recursive: true, force: true });
  },
});

const words = {
  en: {
    locale: "en",
    site: "Quay Courier",
    line: "What the harbour says",
    operator: "Ada Quay",
    channel: "City",
    account: "Courier Desk",
    title: "The first lamp is lit",
    body: "It was dark, and then it was not.",
  },
  zh: {
    locale: "zh-CN",
    site: "码头信使",
    line: "港口在说什么",
    operator: "阿达",
    channel: "城市",
    account: "信使编辑部",
    title: "第一盏灯亮了",
    body: "天黑着，后来就不黑了。",
  },
};

for (const [language, js] of [["en", true], ["zh", false]]) {
  test(`from an empty folder to a first published article (${language}, ${js ? "with" : "without"} JavaScript)`, async ({ start, open }) => {
    test.setTimeout(120_000);
    const { begin, url } = await start();
    const say = words[language];

    // Who comes before the operator is told what this is, and gets no further without the key.
    const visitor = await open({ baseURL: url, locale: say.locale, js });
    await visitor.goto("/");
    await expect(visitor.getByRole("heading", { level: 1 })).toBeVisible();
    await visitor.locator("main input[name=key]").fill("guessed");
    await visitor.locator("main form").getByRole("button").click();
    await expect(visitor.locator("#key-error")).toBeVisible();

    const page = await open({ baseURL: url, locale: say.locale, js, timezoneId: "Asia/Tokyo" });
    await page.goto(begin);
    if (js) await expect(page.locator("[name=zone]")).toHaveValue("Asia/Tokyo");
    const fields = {
      name: say.site,
      tagline: say.line,
      user_name: say.operator,
      user_handle: "ada",
      password: "short",
      [language === "zh" ? "channel_zh" : "channel_en"]: say.channel,
      channel_slug: "city",
      author_name: say.account,
      author_handle: "desk",
    };
    for (const [name, value] of Object.entries(fields)) await page.locator(`main [name=${name}]`).fill(value);
    await page.locator("main form button[type=submit]").click();
    // What was typed is kept, but for the password.
    await expect(page.locator("#password")).toHaveAttribute("aria-invalid", "true");
    for (const [name, value] of Object.entries(fields)) await expect(page.locator(`main [name=${name}]`)).toHaveValue(name === "password" ? "" : value);
    await page.locator("#password").fill("eleven brass lamps");
    await page.locator("main form button[type=submit]").click();

    // The next thing is an article, in the channel and under the account that were just made.
    await expect(page).toHaveURL(/\/studio\/new/);
    await page.locator("[name=title]").fill(say.title);
    await page.locator("[name=body]").fill(say.body);
    await page.locator("button[name=do][value=submit]").click();
    await page.locator("main a[href^='/article/']").first().click();

    await visitor.goto("/");
    await expect(visitor).toHaveTitle(new RegExp(say.site));
    await visitor.getByRole("link", { name: say.title }).first().click();
    await expect(visitor.locator("h1")).toHaveText(say.title);
    await expect(visitor.locator("#headline")).toContainText(say.account);
    await expect(visitor.locator("#headline")).toContainText(say.channel);
    await expect(visitor.locator("#body")).toContainText(say.body);

    // The key is of no use to whoever finds it now.
    await visitor.goto(begin);
    await expect(visitor.locator("[name=user_handle]")).toHaveCount(0);
  });
}
