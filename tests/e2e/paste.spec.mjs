// Rich text is pasted into the desk in the manner of word processors and editors for messengers.

import { expect, test } from "./site.mjs";

const WORD = `<html><head><style>p { margin: 0 }</style></head><body><!--StartFragment-->
<h1><span lang=EN-US>Tide tables</span></h1>
<p class=MsoNormal>A <b><span>bold</span></b><span> word, an </span><i>italic</i> one, <s>gone</s>.<o:p></o:p></p>
<p class=MsoListParagraph style='text-indent:-18pt;mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·<span>   </span></span>One</p>
<p class=MsoListParagraph style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>o</span>Inner</p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·</span>Two</p>
<table><tr><td>Port</td><td align=right>Height</td></tr><tr><td>A|B</td><td align=right>3</td></tr></table>
<p><img src="file:///C:/x.png" alt="x"></p><!--EndFragment--></body></html>`;

const MESSENGER = `<section style="font-size:16px"><section><p><span style="font-weight: bold;">潮汐</span><span>是怎样</span>算出来的</p></section>
<p><img class="rich_pages" data-src="https://pictures.example/a/640?wx_fmt=png" src="data:image/gif;base64,R0"></p>
<blockquote><p>引用</p></blockquote><p><a href="https://e.example/a">原文</a><a href="javascript:x()">坏</a></p></section>`;

const DOCUMENT = `<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1"><h2><span>Part</span></h2>
<p dir="ltr"><span style="font-weight:400">Plain </span><span style="font-weight:700">strong</span></p>
<ol><li><p>First</p></li><ul><li><p>Below</p></li></ul><li><p>Second</p></li></ol></b>`;

/** Pastes as a browser does. */
async function paste(page, html, text) {
  await page.locator("[name=body]").focus();
  await page.evaluate(
    ([html, text]) => {
      const clipboardData = new DataTransfer();
      if (html) clipboardData.setData("text/html", html);
      clipboardData.setData("text/plain", text);
      const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
      window.taken = !document.querySelector("[name=body]").dispatchEvent(event);
    },
    [html, text],
  );
  return page.evaluate(() => window.taken);
}

test("what is pasted keeps its form, as Markdown and as HTML", async ({ open }) => {
  const page = await open({ as: "mara" });
  await page.goto("/studio/new");
  const body = page.locator("[name=body]");
  for (const [html, want] of [
    [WORD, "## Tide tables\n\nA **bold** word, an *italic* one, ~~gone~~.\n\n- One\n  - Inner\n- Two\n\n| Port | Height |\n| --- | --: |\n| A\\|B | 3 |\n\n"],
    [MESSENGER, "**潮汐**是怎样算出来的\n\n![](https://pictures.example/a/640?wx_fmt=png)\n\n> 引用\n\n[原文](https://e.example/a)坏\n\n"],
    [DOCUMENT, "## Part\n\nPlain **strong**\n\n1. First\n   - Below\n2. Second\n\n"],
  ]) {
    await body.fill("");
    expect(await paste(page, html, "plain")).toBe(true);
    await expect(body).toHaveValue(want);
    await page.keyboard.press("Control+z");
    await expect(body).toHaveValue("");
  }

  await page.locator("[name=format][value=html]").check();
  await body.fill("");
  await paste(page, DOCUMENT, "plain");
  await expect(body).toHaveValue("<h2>Part</h2>\n\n<p>Plain <strong>strong</strong></p>\n\n<ol>\n<li>First\n<ul>\n<li>Below</li>\n</ul></li>\n<li>Second</li>\n</ol>\n\n");
});

test("plain words, and what is pasted as plain text, are left to the browser", async ({ open }) => {
  const page = await open({ as: "mara" });
  await page.goto("/studio/new");
  expect(await paste(page, "<div style='white-space:pre'><span style='color:red'>let x</span></div>", "let x")).toBe(false);
  expect(await paste(page, "", "## text")).toBe(false);
  expect(await paste(page, `<b>${"<i>".repeat(100_001)}</b>`, "deep")).toBe(false);
});
