// The demo's site on two nodes: one PostgreSQL, one S3 server, two servers with a folder each, a balancer before them that gives each
// request to the next.
//
//   node tests/two-nodes.mjs PORT FOLDER      serves at PORT until it is stopped

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { balance } from "./balancer.mjs";
import { BYLINE, freePort, start, stop, until } from "./lib.mjs";
import { startPostgres } from "./postgres.mjs";
import { startS3 } from "./s3.mjs";

const [port, folder] = process.argv.slice(2);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const [postgres, s3] = [await startPostgres(), await startS3()];
if (!postgres || !s3) {
  console.error(`no ${postgres ? "S3 server" : "PostgreSQL"} to start`);
  process.exit(1);
}
// The proxy that adds the client's address is on this machine.
const settings = { ...s3.settings, BYLINE_DATABASE: postgres.url, BYLINE_URL: `http://127.0.0.1:${port}`, BYLINE_BEHIND_PROXY: "true" };
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("BYLINE_")));

/** Starts a node; the first makes the demo, the second finds it made. */
async function node(name) {
  const listen = `127.0.0.1:${await freePort()}`;
  const config = path.join(folder, `${name}.toml`);
  writeFileSync(config, `listen = "${listen}"\ndata = "${path.join(folder, name)}"\nlocale = "zh-CN"\n`);
  const child = start(BYLINE, ["demo", "--config", config], { cwd: folder, env: { ...env, ...settings }, stdio: ["ignore", "ignore", "inherit"] });
  const url = `http://${listen}`;
  const ready = () => {
    if (child.end) throw new Error(`${name} ended`);
    return fetch(`${url}/readyz`).then(({ ok }) => ok);
  };
  await until(`${name} is ready`, ready, 300);
  return { child, url };
}

const nodes = [await node("one"), await node("two")];
const balancer = await balance(Number(port), nodes.map(({ url }) => url));

process.removeAllListeners("SIGTERM");
process.once("SIGTERM", async () => {
  await balancer.stop();
  await Promise.all(nodes.map(({ child }) => stop(child)));
  await Promise.all([postgres.stop(), s3.stop()]);
  process.exit(0);
});
