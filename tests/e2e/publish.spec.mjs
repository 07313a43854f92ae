// An author writes an article with pictures and sends it in, a reviewer approves it, everybody reads it.

import { deflateSync } from "node:zlib";

import { expect, fresh, test } from "./site.mjs";

/** A PNG of bands of colour, 1200 by 800: never the same bytes, so that each is a new picture. */
function picture() {
  const [width, height] = [1200, 800];
  const tint = () => Math.floor(Math.random() * 200) + 28;
  const bands = Array.from({ length: 8 }, () => [tint(), tint(), tint()]);
  const rows = Array.from({ length: height }, (_, y) => Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, Buffer.from(bands[Math.floor((y * 8) / height)]))]));
  const chunk = (kind, data) => {
    const body = Buffer.concat([Buffer.from(kind, "latin1"), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", head), chunk("IDAT", deflateSync(Buffer.concat(rows))), chunk("IEND", Buffer.alloc(0))]);
}

/** PNG's checksum (ISO 3309), bit by bit. */
function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

const file = (name) => ({ name, mimeType: "image/png", buffer: picture() });

for (const js of [true, false]) {
  test(`write with pictures, review, read ${js ? "with" : "without"} JavaScript`, async ({ open }) => {
    // A word that no other article has, to be found by.
    const word = fresh("q").replace("-", "");
    const title = `The ${word} on the north mole`;

    const desk = await open({ js, as: "mara" });
    await desk.goto("/studio");
    await desk.getByRole("link", { name: "Write" }).first().click();
    await desk.locator("[name=title]").fill(title);
    await desk.locator("[name=subtitle]").fill("What the lamp saw in one night");
    await desk.locator("[name=body]").fill(`Nobody had lit the **${word}** for eleven years.\n\n## The first night\n\n- oil\n- wick\n- patience\n\n`);
    await desk.locator("[name=picture_alt]").fill("The lamp from below");
    await desk.locator("input[name=picture]").setInputFiles(file("lamp.png"));
    if (js) await expect(desk.locator("[name=body]")).toHaveValue(/!\[The lamp from below\]\(\/media\//);
    await desk.locator("input[name=cover1]").setInputFiles(file("cover.png"));
    await desk.locator("select[name=channel]").selectOption("culture");
    await desk.locator("[name=tags]").fill("lamps, night work");
    await desk.locator("[name=declared][value=original]").check();
    await desk.locator("button[name=do][value=submit]").click();
    await expect(desk).toHaveURL(/done=submitted/);
    const id = desk.url().match(/article\/(\w+)/)[1];

    const visitor = await open({ js });
    expect((await visitor.goto(`/article/${id}`)).status()).toBe(404);

    const review = await open({ js, as: "reviewer" });
    await review.goto("/admin/review");
    await review.getByRole("link", { name: title }).click();
    await expect(review.locator(".prose")).toContainText(word);
    await review.getByRole("button", { name: "Approve" }).click();
    await expect(review.locator(".notice-line[role=status]")).toContainText("Approved");

    expect((await visitor.goto(`/article/${id}`)).status()).toBe(200);
    await expect(visitor.locator("#headline h1")).toHaveText(title);
    await expect(visitor.locator("#body h2")).toHaveText("The first night");
    const shown = visitor.locator("#body img");
    await expect(shown).toHaveAttribute("alt", "The lamp from below");
    await expect.poll(() => shown.evaluate((img) => img.complete && img.naturalWidth)).toBeGreaterThan(0);

    // Within a second, wherever new articles are shown.
    for (const address of ["/channel/culture", "/@harbour-notes", "/latest", "/tag/lamps", `/search?q=${word}`, "/feed.xml"]) {
      await expect.poll(async () => (await (await visitor.request.get(address)).text()).includes(`/article/${id}`), { message: address, timeout: 3_000 }).toBe(true);
    }
    await visitor.goto(`/search?q=${word}`);
    await expect(visitor.locator(".hits mark").first()).toHaveText(word);
    await visitor.goto("/channel/culture");
    await expect(visitor.locator(`main a[href='/article/${id}'] img`).first()).toBeVisible();
  });
}

test("a returned article says why, and comes back", async ({ open }) => {
  const title = `Returned ${fresh("q")}`;
  const desk = await open({ as: "mara" });
  await desk.goto("/studio/new");
  await desk.locator("[name=title]").fill(title);
  await desk.locator("[name=body]").fill("Somebody told me so.");
  await desk.locator("select[name=channel]").selectOption("city");
  await desk.locator("button[name=do][value=submit]").click();
  await expect(desk).toHaveURL(/done=submitted/);
  const id = desk.url().match(/article\/(\w+)/)[1];

  const review = await open({ as: "reviewer" });
  await review.goto(`/admin/review/${id}`);
  await review.getByText("Send back to the author").click();
  const form = review.locator("form[action$='/return']");
  await form.getByRole("radio").first().check();
  await form.getByLabel("In your words").fill("Who told you?");
  await form.getByRole("button", { name: "Send back" }).click();
  await expect(review.locator(".notice-line[role=status]")).toContainText("Sent back");

  await desk.goto(`/studio/article/${id}`);
  await expect(desk.locator("main")).toContainText("Who told you?");
  await desk.locator("[name=body]").fill("The harbour master told me so.");
  await desk.locator("button[name=do][value=submit]").click();
  await expect(desk).toHaveURL(/done=submitted/);
});
