// The browser of the journeys: the system's Chromium, else the one that npm brought (an optional dependency).

import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";

import { E2E } from "../lib.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const BROUGHT = path.join(E2E, "node_modules", "@sparticuz", "chromium");

/** CHROMIUM, or the first of the usual names on the path. */
export function installed() {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  const places = NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return [process.env.CHROMIUM, ...places].find((place) => place && existsSync(place));
}

/** How to launch it, as Playwright wants it; null where there is none. */
export async function launchOptions() {
  const executablePath = installed();
  const args = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
  // Chromium has no sandbox for root.
  if (process.getuid?.() === 0) args.push("--no-sandbox");
  if (executablePath) return { executablePath, args };
  return existsSync(BROUGHT) ? { args: [...args, "--no-sandbox"], ...(await unpack()) } : null;
}

/** It unpacks itself, with the libraries that it needs, to the temporary folder: one of ours, that nobody else can write to. */
async function unpack() {
  const folder = path.join(E2E, "out", "chromium");
  mkdirSync(folder, { recursive: true });
  const before = { ...process.env };
  // It brings its libraries only where it believes to be on a bare machine of this kind.
  Object.assign(process.env, { TMPDIR: folder, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x" });
  try {
    const { default: chromium } = await import("@sparticuz/chromium");
    const executablePath = await chromium.executablePath();
    const { LD_LIBRARY_PATH, FONTCONFIG_PATH } = process.env;
    return { executablePath, env: { ...before, LD_LIBRARY_PATH, FONTCONFIG_PATH } };
  } finally {
    for (const name of ["TMPDIR", "AWS_EXECUTION_ENV", "LD_LIBRARY_PATH", "FONTCONFIG_PATH"]) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
}
