import { rmSync } from "node:fs";
import path from "node:path";

import { defineConfig } from "@playwright/test";

import { BYLINE, E2E, ROOT, freePort } from "../lib.mjs";
import { launchOptions } from "./browser.mjs";

// Every worker reads this file again; what the first reading decided stands in the environment.
const first = process.env.E2E_PORT === undefined;
process.env.E2E_PORT ??= String(await freePort());
const url = `http://127.0.0.1:${process.env.E2E_PORT}`;
const data = path.join(E2E, "out", "site");
/** What changes every page for everybody (a logo that is taken away is missing on a page that somebody opened just before): when the others are done. */
const SITE_WIDE = "operators.spec.mjs";
/** E2E_NODES=2: the site is on two nodes behind a balancer, on PostgreSQL and with its pictures in a bucket. */
const demo = `exec '${BYLINE}' demo --data '${data}' --listen ${url.slice("http://".length)}`;
const twoNodes = `exec '${process.execPath}' '${path.join(ROOT, "tests", "two-nodes.mjs")}' ${process.env.E2E_PORT} '${data}'`;
if (first) rmSync(data, { recursive: true, force: true });

export default defineConfig({
  testDir: ".",
  projects: [
    { name: "journeys", testMatch: "*.spec.mjs", testIgnore: [SITE_WIDE, ...(process.env.E2E_EVERY_PAGE === "no" ? ["every-page.spec.mjs"] : [])] },
    { name: "site-wide", testMatch: SITE_WIDE, dependencies: ["journeys"] },
  ],
  outputDir: "out/results",
  globalSetup: "./setup.mjs",
  fullyParallel: true,
  forbidOnly: !!process.env.CI,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: process.env.CI || !process.stdout.isTTY ? [["list"]] : [["line"]],
  use: {
    baseURL: url,
    locale: "en",
    launchOptions: await launchOptions(),
    screenshot: "only-on-failure",
    // Recording each step costs as much as the steps: where somebody can look at it only.
    trace: process.env.CI ? "off" : "retain-on-failure",
  },
  webServer: {
    command: process.env.E2E_NODES === "2" ? twoNodes : demo,
    url: `${url}/readyz`,
    timeout: 300_000,
    // So that the pictures and the index are written down before the folder is read again.
    gracefulShutdown: { signal: "SIGTERM", timeout: 15_000 },
    stderr: "ignore",
  },
});
