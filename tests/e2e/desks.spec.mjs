// What readers ask of the site, and how it is answered: applications and reports.

import { expect, fresh, signUp, site, test } from "./site.mjs";

test("somebody applies, the operator approves, the author can write", async ({ open }) => {
  const page = await open({ js: false });
  await page.goto("/apply");
  await page.locator("main").getByRole("link", { name: "Sign up" }).click();
  await signUp(page, "Iris Quay", "/apply");
  const handle = fresh("quay");
  const name = `Quay Notes ${handle.slice(-4)}`;

  // What is missing is named, what was typed stays.
  await page.getByLabel("Name of the account").fill(name);
  await page.getByRole("button", { name: "Send application" }).click();
  await expect(page.getByRole("alert")).toContainText("Choose who is applying.");
  await expect(page.getByLabel("Name of the account")).toHaveValue(name);
  await page.getByLabel("Person").check();
  await page.getByLabel("Name in the address").fill(handle);
  await page.getByLabel("About the account").fill("What comes in with the tide.");
  await page.getByLabel("To the reviewers").fill("Ten years on the quay.");
  await page.getByRole("button", { name: "Send application" }).click();
  await expect(page.getByRole("heading", { name: "Under review" })).toBeVisible();

  const operator = await open({ as: "operator" });
  await operator.goto("/admin/applications");
  await operator.getByRole("link", { name }).click();
  await expect(operator.locator("main")).toContainText("Ten years on the quay.");
  await operator.getByRole("button", { name: "Approve" }).click();
  await expect(operator.locator(".notice-line[role=status]")).toContainText("Approved");

  await page.goto("/apply");
  await expect(page.getByRole("heading", { name: "Approved" })).toBeVisible();
  await page.goto("/studio/new");
  await expect(page.locator("[name=title]")).toBeVisible();
  expect((await page.goto(`/@${handle}`)).status()).toBe(200);
  await expect(page.locator("main h1")).toContainText(name);
});

test("a visitor reports, a reviewer closes the report", async ({ open }) => {
  const visitor = await open({ js: false });
  const why = `The second paragraph is an advertisement. ${fresh("w")}`;
  await visitor.goto(`/article/${site().zh}`);
  await visitor.locator("#notice").getByRole("link", { name: "Report" }).click();
  await visitor.getByRole("button", { name: "Send" }).click();
  await expect(visitor.getByRole("alert")).toBeVisible();
  await visitor.getByLabel("Advertising, clickbait, repeated posts").check();
  await visitor.getByLabel("Anything to add").fill(why);
  await visitor.getByRole("button", { name: "Send" }).click();
  await expect(visitor.getByRole("status")).toContainText("Received. Thank you.");

  const reviewer = await open({ as: "reviewer" });
  await reviewer.goto("/admin/reports");
  const waiting = reviewer.locator(".cases > li").filter({ hasText: why });
  await waiting.getByRole("button", { name: "Dismiss" }).click();
  await expect(reviewer.locator(".notice-line[role=status]")).toContainText("dismissed");
  await expect(waiting).toHaveCount(0);
  await reviewer.getByRole("link", { name: "Closed" }).click();
  await expect(reviewer.locator(".cases > li").filter({ hasText: why })).toContainText("Dismissed");
  // Nothing was wrong with it: it stays.
  expect((await visitor.goto(`/article/${site().zh}`)).status()).toBe(200);
});

test("a copyright complaint needs a name and a work", async ({ open }) => {
  const page = await open({ js: false });
  await page.goto(`/article/${site().en}`);
  await page.locator("#notice").getByRole("link", { name: "Copyright complaint" }).click();
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.getByRole("alert")).toContainText("2 things");
  await page.getByLabel("Your work, and what here infringes it").fill("My drawing of a tide table, in the second picture.");
  await page.getByLabel("Your name, and how to reach you").fill("A. Painter, painter@example.org");
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.getByRole("status")).toContainText("Received");
});

test("who may not, may not", async ({ open, request }) => {
  for (const address of ["/studio", "/admin", "/admin/review", "/admin/headlines", "/admin/topics", "/preview/home", "/following", "/settings/account", "/settings/tokens"]) {
    expect((await request.get(address, { headers: { accept: "text/html" } })).url(), address).toContain("/login?return=");
  }
  const reader = await open({ as: "reader" });
  for (const address of ["/admin", "/admin/review", "/admin/headlines", "/admin/topics", "/preview/home", "/admin/applications", "/admin/users"]) expect((await reader.goto(address)).status(), address).toBe(403);
});
