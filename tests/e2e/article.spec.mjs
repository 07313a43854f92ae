// A visitor without JavaScript reads an article: every block is there with something true in it, and every link leads somewhere.

import { expect, site, test } from "./site.mjs";

const number = (text) => Number(text.replace(/[^\d]/g, ""));

for (const language of ["en", "zh"]) {
  test(`every block of an article (${language}) for a visitor without JavaScript`, async ({ open, request }) => {
    const page = await open({ js: false });
    const address = `/article/${site()[language]}`;
    expect((await page.goto(address)).status()).toBe(200);
    const block = (id) => page.locator(`#${id}`);
    const title = await block("headline").locator("h1").innerText();

    await test.step("site bar", async () => {
      const bar = block("site-bar");
      await expect(bar.getByRole("search").getByRole("searchbox")).toBeVisible();
      expect(await bar.locator("a[href^='/channel/']").count()).toBeGreaterThanOrEqual(12);
      for (const name of ["Sign in", "Become an author", "Care edition"]) await expect(bar.getByRole("link", { name }).first()).toBeVisible();
    });

    await test.step("breadcrumb, for people and for programs", async () => {
      const steps = block("breadcrumb").getByRole("listitem");
      await expect(steps).toHaveCount(3);
      const author = await steps.nth(1).getByRole("link").getAttribute("href");
      expect(author).toMatch(/^\/@/);
      await expect(steps.nth(2).locator("[aria-current=page]")).toBeVisible();
      const data = await Promise.all((await page.locator("script[type='application/ld+json']").all()).map(async (tag) => JSON.parse(await tag.textContent())));
      const things = data.flatMap((value) => value["@graph"] ?? value);
      const crumbs = things.find((thing) => thing["@type"] === "BreadcrumbList").itemListElement;
      expect(crumbs.map((crumb) => crumb.position)).toEqual([1, 2, 3]);
      const news = things.find((thing) => thing["@type"] === "NewsArticle");
      expect(news.headline).toBe(title);
      expect(news.author).toBeTruthy();
      expect(Date.parse(news.datePublished)).toBeGreaterThan(0);
    });

    await test.step("headline and source line", async () => {
      const headline = block("headline");
      expect(title.length).toBeGreaterThan(3);
      await expect(headline.locator(".source a[href^='/@']")).toBeVisible();
      expect(Date.parse(await headline.locator("time").first().getAttribute("datetime"))).toBeGreaterThan(0);
      await expect(headline).toContainText(/Location: \S+/);
      await expect(headline).toContainText(/\d+ min read/);
      await expect(headline.locator("[data-label]").first()).toBeVisible();
    });

    await test.step("counts and share", async () => {
      const share = block("share");
      const counted = number(await share.locator("a[href='#comments'] strong").innerText());
      expect(counted).toBeGreaterThan(0);
      expect(number(await block("comments").getByRole("heading", { level: 2 }).innerText())).toBe(counted);
      const code = await request.get(await share.locator("img").getAttribute("src"));
      expect([code.status(), code.headers()["content-type"]]).toEqual([200, "image/svg+xml"]);
      for (const host of ["weibo.com", "qq.com", "x.com", "facebook.com", "mailto:"]) expect(await share.locator(`a[href*='${host}']`).count(), host).toBe(1);
      await expect(share.locator("input[readonly]")).toHaveValue(new RegExp(`${address}$`));
    });

    await test.step("body", async () => {
      expect((await block("body").innerText()).length).toBeGreaterThan(400);
      for (const picture of await block("body").locator("img").all()) {
        for (const name of ["width", "height", "alt", "srcset", "loading"]) expect(await picture.getAttribute(name), name).not.toBeNull();
      }
      expect(await page.locator("#body img").count()).toBeGreaterThan(0);
    });

    await test.step("notice, in both languages", async () => {
      await expect(block("notice").locator("[lang=zh-CN]")).toContainText("仅提供信息存储服务");
      await expect(block("notice").locator("[lang=en]")).toContainText("only provides information storage");
      await expect(block("notice").getByRole("link")).toHaveCount(2);
    });

    await test.step("actions are plain forms", async () => {
      for (const verb of ["like", "favourite", "follow"]) await expect(block("actions").locator(`form[method=post][action$='/${verb}'] button`)).toBeVisible();
    });

    await test.step("comments, with towers", async () => {
      await expect(block("comments").getByRole("heading", { name: "Most liked" })).toBeVisible();
      await expect(block("comments").getByRole("heading", { name: "Newest" })).toBeVisible();
      expect(await block("comments").locator(".floor").count()).toBeGreaterThan(2);
      expect(await block("comments").locator(".floor .tower").count()).toBeGreaterThan(0);
      await expect(block("comments").locator("a[href*='?reply=']").first()).toBeVisible();
    });

    const cards = async (id) =>
      Promise.all(
        (await block(id).locator(".card").all()).map(async (card) => ({
          href: await card.locator(".headline a").getAttribute("href"),
          author: await card.locator("a.byline").count() ? await card.locator("a.byline").first().getAttribute("href") : null,
          timed: await card.locator("time").count(),
        })),
      );

    await test.step("related: others, at most two of one author", async () => {
      const related = await cards("related");
      expect(related.length).toBeGreaterThan(2);
      expect(related.length).toBeLessThanOrEqual(10);
      expect(new Set(related.map((card) => card.href)).size).toBe(related.length);
      expect(related.map((card) => card.href)).not.toContain(address);
      for (const { author } of related) expect(related.filter((card) => card.author === author).length).toBeLessThanOrEqual(2);
    });

    await test.step("hot: about twenty, each with author and time, varied", async () => {
      const hot = await cards("hot");
      expect(hot.length).toBeGreaterThanOrEqual(15);
      expect(hot.length).toBeLessThanOrEqual(20);
      for (const card of hot) expect(card.author && card.timed).toBeTruthy();
      expect(new Set(hot.map((card) => card.author)).size).toBeGreaterThanOrEqual(8);
    });

    await test.step("author card and past articles", async () => {
      const card = block("author-card");
      await expect(card.locator("img.portrait")).toBeVisible();
      const figures = await card.locator("dd").allInnerTexts();
      expect(figures.map(number).every((figure) => figure > 0), figures.join()).toBe(true);
      await expect(card.getByRole("button", { name: "Follow" })).toBeVisible();
      const past = await block("archive").locator(".card").count();
      expect(past).toBeGreaterThan(0);
      expect(past).toBeLessThanOrEqual(5);
      await expect(block("archive").locator("a[href$='/articles']")).toBeVisible();
    });

    await test.step("channel headlines and features", async () => {
      const channels = await block("channel-headlines").locator(".channel-mark").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
      expect(channels.length).toBeGreaterThanOrEqual(10);
      expect(new Set(channels).size).toBe(channels.length);
      expect(await block("features").locator(".tab").count()).toBe(5);
      for (const tab of await block("features").locator(".tab").all()) expect(await tab.locator(".card").count()).toBeGreaterThan(0);
    });

    await test.step("foot", async () => {
      for (const href of ["/settings/accessibility", "/about", "/rules", "/contact", "/feed.xml", "/rss.xml", "/feed.json"]) await expect(block("foot").locator(`a[href='${href}']`).first()).toBeVisible();
      await expect(block("foot").getByRole("link", { name: "Enter the care edition" })).toBeVisible();
    });
  });

  test(`every link of an article (${language}) leads somewhere`, async ({ open, request, baseURL }) => {
    const page = await open({ js: false });
    await page.goto(`/article/${site()[language]}`);
    const found = await page.evaluate(() => {
      const of = (selector, name) => [...document.querySelectorAll(selector)].map((element) => element.getAttribute(name));
      const sets = of("[srcset]", "srcset").flatMap((set) => set.split(",").map((entry) => entry.trim().split(/\s+/)[0]));
      const meta = of("meta[property='og:image'], meta[property='og:url']", "content");
      return [...of("a[href], link[href], use[href]", "href"), ...of("img[src], script[src], source[src]", "src"), ...sets, ...meta].map((link) => new URL(link, document.baseURI).href);
    });
    const links = [...new Set(found.filter((link) => link.startsWith(baseURL)).map((link) => link.split("#")[0]))];
    expect(links.length).toBeGreaterThan(80);
    const broken = [];
    const next = async () => {
      for (let link; (link = links.pop()); ) {
        // As a browser follows it: a visitor is led to sign in where that is needed.
        const status = (await request.get(link, { headers: { accept: "text/html,*/*" } })).status();
        if (status >= 400) broken.push(`${status} ${link}`);
      }
    };
    await Promise.all(Array.from({ length: 8 }, next));
    expect(broken).toEqual([]);
    const anchors = await page.evaluate(() => [...document.querySelectorAll("a[href^='#']")].map((a) => a.hash.slice(1)).filter((id) => !document.getElementById(id)));
    expect(anchors, "links within the page that lead nowhere").toEqual([]);
  });
}
