// The Nu HTML checker finds no error on any page. One run for all: a Java machine takes longer to start than to check.

import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { E2E, works } from "../lib.mjs";
import { PAGES, at } from "./pages.mjs";
import { expect, stateOf, test } from "./site.mjs";

const JAR = path.join(E2E, "node_modules", "vnu-jar", "build", "dist", "vnu.jar");
const FOLDER = path.join(E2E, "out", "markup");

test("the Nu HTML checker finds no error", async ({ playwright, baseURL }) => {
  test.skip(!works("java", "-version"), "no Java: install a Java runtime, version 17 or newer");
  test.setTimeout(180_000);
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });

  const names = {};
  for (const { name, as, ...where } of PAGES) {
    for (const [edition, lang] of [["standard", "zh-CN"], ["standard", "en"], ["care", "en"]]) {
      // Without the script's cookie, so that pages come with what their readers see.
      const context = await playwright.request.newContext({ baseURL, storageState: as && stateOf(as) });
      const session = (await context.storageState()).cookies.map(({ name, value }) => `; ${name}=${value}`).join("");
      const answer = await context.get(at(where), { headers: { cookie: `edition=${edition}; lang=${lang}${session}`, accept: "text/html" } });
      const file = path.join(FOLDER, `${Object.keys(names).length}.html`);
      names[file] = `${name} (${edition}, ${lang})`;
      writeFileSync(file, await answer.text());
      await context.dispose();
    }
  }

  const said = await new Promise((resolve) => {
    const args = ["-Xss4m", "-jar", JAR, "--format", "json", "--stdout", "--exit-zero-always", ...Object.keys(names)];
    execFile("java", args, { maxBuffer: 64 << 20 }, (error, stdout, stderr) => resolve(stdout || `${error?.message}\n${stderr}`));
  });
  const { messages } = JSON.parse(said);
  const errors = messages.filter(({ type }) => type !== "info");
  const told = errors.map(({ url, lastLine, message, extract }) => `${names[decodeURI(new URL(url).pathname)]}, line ${lastLine}: ${message}\n    ${(extract ?? "").trim()}`);
  expect(told).toEqual([]);
});
