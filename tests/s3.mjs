// An S3 server for tests: on a free port of this machine, in a folder that goes away with it. `s3s-fs` from crates.io, which
// tests/install-s3.sh builds into target/tools, or the program that TEST_S3 names: another s3s-fs, or a `garage`.

import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import { ROOT, freePort, start, stop, until } from "./lib.mjs";

const built = ["target/tools", "target/tools/debug"].map((folder) => path.join(ROOT, folder, "bin", "s3s-fs"));
const program = () => process.env.TEST_S3 ?? built.find((file) => existsSync(file)) ?? built[0];
const BUCKET = "pictures";
/** For these tests alone, in the shape that Garage asks for. */
const [ACCESS, SECRET] = [`GK${"7e57".repeat(8)}`, "5ec7e7".padEnd(64, "0")];

export const canStart = () => existsSync(program());

/** How each kind of server is started: `{ region, args, env }`. */
const KINDS = {
  "s3s-fs": async (folder, port) => {
    mkdirSync(path.join(folder, BUCKET));
    return { region: "us-east-1", args: ["--host", "127.0.0.1", "--port", String(port), "--access-key", ACCESS, "--secret-key", SECRET, folder], env: {} };
  },
  garage: async (folder, port) => {
    const config = path.join(folder, "garage.toml");
    const rpc = await freePort();
    const lines = [
      `metadata_dir = "${folder}/meta"`,
      `data_dir = "${folder}/data"`,
      'db_engine = "sqlite"',
      "replication_factor = 1",
      `rpc_bind_addr = "127.0.0.1:${rpc}"`,
      `rpc_public_addr = "127.0.0.1:${rpc}"`,
      `rpc_secret = "${SECRET}"`,
      "[s3_api]",
      's3_region = "garage"',
      `api_bind_addr = "127.0.0.1:${port}"`,
    ];
    writeFileSync(config, `${lines.join("\n")}\n`, { mode: 0o600 });
    const env = { GARAGE_DEFAULT_ACCESS_KEY: ACCESS, GARAGE_DEFAULT_SECRET_KEY: SECRET, GARAGE_DEFAULT_BUCKET: BUCKET, RUST_LOG: "warn" };
    return { region: "garage", args: ["-c", config, "server", "--single-node", "--default-bucket"], env };
  },
};

/**
 * Starts it: `{ name, options, settings, pause, resume, stop }`, or null where there is none. `options` are what Byline needs to use its bucket, as
 * its file has them, `settings` the same as its environment has them.
 */
export async function startS3() {
  if (!canStart()) return null;
  const folder = mkdtempSync(path.join(os.tmpdir(), "byline-s3-"));
  const port = await freePort();
  const name = path.basename(program()).startsWith("garage") ? "garage" : "s3s-fs";
  const { region, args, env } = await KINDS[name](folder, port);
  let server;
  const resume = async () => {
    server = start(program(), args, { stdio: "ignore", env: { PATH: process.env.PATH, ...env } });
    await until("the S3 server listens", () => fetch(`http://127.0.0.1:${port}/`).then(() => true));
  };
  await resume();
  const options = { pictures: `s3://${BUCKET}/site`, s3_endpoint: `http://127.0.0.1:${port}`, s3_region: region, s3_access_key: ACCESS, s3_secret_key: SECRET };
  return {
    name,
    options,
    settings: Object.fromEntries(Object.entries(options).map(([key, value]) => [`BYLINE_${key.toUpperCase()}`, value])),
    pause: () => stop(server, "SIGKILL"),
    resume,
    stop: async () => {
      await stop(server);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
