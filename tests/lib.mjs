// What the scripts of this folder share: folders, processes, ports, waiting.
//
// Every process that is started here is known by its child object and ended by it; nothing is ever looked up by name.

import { spawn, spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { constants } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));
export const E2E = path.join(ROOT, "tests", "e2e");

// Not BYLINE_…: the server takes those for settings.
const target = process.env.CARGO_TARGET_DIR ?? path.join(ROOT, "target");

/** The server's program: what `cargo build` made, or what TEST_BYLINE names. */
export const BYLINE = process.env.TEST_BYLINE ?? path.join(target, "debug", "byline");

const children = new Set();

/** Starts a program that stays. */
export function start(program, args, options = {}) {
  const child = spawn(program, args, { cwd: ROOT, ...options });
  children.add(child);
  child.ended = new Promise((resolve) => {
    child.once("error", (error) => resolve({ code: null, error }));
    child.once("exit", (code, signal) => resolve({ code, signal }));
  }).then((end) => {
    children.delete(child);
    return (child.end = end);
  });
  return child;
}

/** Runs a program to its end, its output on ours. Resolves to its exit code; one that could not start or was killed has failed. */
export async function run(program, args, options = {}) {
  const child = start(program, args, { stdio: "inherit", ...options });
  const { code, error } = await child.ended;
  if (error) console.error(`${program}: ${error.message}`);
  return code ?? 1;
}

/** Ends a child by `signal`, and for good after `seconds`. */
export async function stop(child, signal = "SIGTERM", seconds = 15) {
  if (child.end || child.pid === undefined) return;
  child.kill(signal);
  const late = setTimeout(() => child.kill("SIGKILL"), seconds * 1000);
  await child.ended;
  clearTimeout(late);
}

// Whoever stops a script stops what it started.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.once(signal, async () => {
    await Promise.all([...children].map((child) => stop(child, "SIGINT", 5)));
    process.exit(128 + constants.signals[signal]);
  });
}

/** A port of the loopback interface that nobody listens on. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

export const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Asks again until `question` gives something; fails with what it said last. */
export async function until(what, question, seconds = 20) {
  const end = Date.now() + seconds * 1000;
  let last;
  for (;;) {
    try {
      const answer = await question();
      if (answer) return answer;
      last = answer;
    } catch (error) {
      last = error.message;
    }
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s (last: ${last})`);
    await sleep(50);
  }
}

/** Whether a program can be run at all. */
export const works = (program, ...args) => spawnSync(program, args, { stdio: "ignore", timeout: 20_000 }).status === 0;
