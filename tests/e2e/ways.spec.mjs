// Ways to be told beside the site: a digest by mail that one click ends, and a browser that is told while no page is open.

import { answer, expect, fresh, linkIn, mailTo, say, signUp, test } from "./site.mjs";

for (const js of [true, false]) {
  test(`a digest sums up what was not read, and one click ends it${js ? "" : ", without JavaScript"}`, async ({ open }) => {
    const [asking, answering] = [await open({ js }), await open({ js: false })];
    const email = `${fresh("digest")}@example.org`;
    const { password } = await signUp(asking, "Ada Quay");
    await signUp(answering, "Otto Lock");
    await asking.goto("/settings/notifications");
    await expect(asking.locator("main")).toContainText("no confirmed e-mail address");
    await asking.getByLabel("How often").selectOption("Weekly");
    await asking.getByRole("button", { name: "Save" }).click();
    await expect(asking.getByText("confirm an e-mail address").first()).toBeVisible();
    await expect(asking.getByLabel("How often")).toHaveValue("week");

    await asking.goto("/settings/account");
    await asking.locator("#email").fill(email);
    await asking.locator("#email-password").fill(password);
    await asking.locator("form[action='/settings/email'] button").click();
    await asking.goto(await linkIn(email, "/verify"));
    await asking.getByRole("button", { name: "Confirm", exact: true }).click();
    await asking.goto("/settings/notifications");
    await asking.getByLabel("How often").selectOption("Weekly");
    await asking.locator("#digest_hour").selectOption("18:00");
    await asking.getByRole("button", { name: "Save" }).click();
    await expect(asking.locator("#digest_hour")).toHaveValue("18");

    const id = await say(asking, `Which lamp was it? ${fresh("q")}`);
    const said = `The brass one. ${fresh("a")}`;
    await answer(answering, id, said);
    await expect(async () => {
      await asking.goto("/notifications");
      await expect(asking.locator(".told > .unread")).toHaveCount(1, { timeout: 500 });
    }).toPass();
    await asking.goto("/settings/notifications");
    await asking.getByRole("button", { name: "Send me a digest now" }).click();
    await expect(asking.locator("main [role=status]").first()).toContainText("on its way");
    const mail = await mailTo(email, said);
    expect(mail).toContain("Otto Lock answered your comment");
    const link = new URL(mail.match(/https?:\/\/\S+\/comment\/\w+/)[0]);
    await asking.goto(link.pathname);
    await expect(asking.locator("main")).toContainText(said);

    // Whoever has the link need not be signed in.
    const stranger = await open({ js });
    const off = new URL(mail.match(/https?:\/\/\S+\/unsubscribe\?token=\S+/)[0]);
    await stranger.goto(off.pathname + off.search);
    await expect(stranger.locator("main")).toContainText("Daily and weekly digests.");
    await stranger.getByRole("button", { name: "Send me no more of these" }).click();
    await expect(stranger.locator("main [role=status]")).toContainText("Done");
    await asking.goto("/settings/notifications");
    await expect(asking.getByLabel("How often")).toHaveValue("");
  });
}

/** A browser of a test reaches no push service: what it would give away is given by the test. */
const SUBSCRIBE = () => {
  const keys = {
    p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    auth: "BTBZMqHH6r4Tts7J_aSIgg",
  };
  PushManager.prototype.getSubscription = async () => null;
  PushManager.prototype.subscribe = async ({ applicationServerKey, userVisibleOnly }) => {
    if (!userVisibleOnly || applicationServerKey.length !== 65) throw new TypeError("not so");
    return { toJSON: () => ({ endpoint: `https://push.invalid/${crypto.randomUUID()}`, keys }) };
  };
  Notification.requestPermission = async () => window.answer ?? "granted";
};

test("a browser is told while no page is open", async ({ open }) => {
  const page = await open({ permissions: ["notifications"] });
  await page.addInitScript(SUBSCRIBE);
  await signUp(page, "Vera Mole");
  await page.goto("/settings/notifications");
  const devices = page.locator("#devices");
  await page.evaluate(() => (window.answer = "denied"));
  await devices.getByRole("button", { name: "Tell me in this browser" }).click();
  await expect(devices.getByRole("status")).toContainText("does not let the site tell you");
  await page.evaluate(() => delete window.answer);
  await devices.getByRole("button", { name: "Tell me in this browser" }).click();
  await expect(devices.locator("li")).toHaveCount(1);
  await expect(devices.locator("li")).toContainText("This");
  await expect(devices.getByRole("button", { name: "Tell me in this browser" })).toHaveCount(0);

  // What a push service would bring, Chromium's tools bring: the worker shows it.
  const tools = await page.context().newCDPSession(page);
  const registered = new Promise((resolve) =>
    tools.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => registrations.length && resolve(registrations[0].registrationId)),
  );
  await tools.send("ServiceWorker.enable");
  const registrationId = await registered;
  const told = { title: "Otto Lock answered your comment", body: "Low water", url: "/notifications", tag: "t", lang: "en" };
  await tools.send("ServiceWorker.deliverPushMessage", { origin: new URL(page.url()).origin, registrationId, data: JSON.stringify(told) });
  const shown = () =>
    page.evaluate(async () => (await (await navigator.serviceWorker.ready).getNotifications()).map(({ title, body, data }) => ({ title, body, url: data.url })));
  await expect.poll(shown).toEqual([{ title: told.title, body: told.body, url: told.url }]);
  // It keeps nothing.
  expect(await page.evaluate(() => caches.keys())).toEqual([]);

  await devices.getByRole("button", { name: /^Remove/ }).click();
  await expect(page.locator("#devices li")).toHaveCount(0);
});

test("turning a browser on needs JavaScript, and says so", async ({ open }) => {
  const page = await open({ js: false });
  await signUp(page, "Nils Berth");
  await page.goto("/settings/notifications");
  await expect(page.locator("#devices noscript")).toBeVisible();
  expect(await page.locator("#devices noscript").innerText()).toContain("needs JavaScript");
  await expect(page.getByRole("button", { name: "Tell me in this browser" })).toBeHidden();
});
