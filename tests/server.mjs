// A site that scripts start, ask and stop: the programs of `byline` in a folder, with no settings but what they are given.

import { start, until, stop, BYLINE, freePort } from "./lib.mjs";

/** Everybody's, in these tests. */
export const password = "correct horse battery";

// What the developer has set for a server of theirs is not for these.
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("BYLINE_")));

/** The ways to run it in `folder`. */
export function site(folder) {
  /** Starts `byline …`; what it says is kept for the case that it fails. */
  function byline(args, settings = {}, input = "ignore") {
    const child = start(BYLINE, args, { cwd: folder, env: { ...env, ...settings }, stdio: [input, "pipe", "pipe"] });
    child.out = child.err = "";
    child.stdout.on("data", (chunk) => (child.out += chunk));
    child.stderr.on("data", (chunk) => (child.err = (child.err + chunk).slice(-4000)));
    return child;
  }

  /** Runs it to its end, which must be good. */
  async function done(args, settings) {
    const child = byline(args, settings);
    const { code } = await child.ended;
    if (code !== 0) throw new Error(`byline ${args[0]} ended with ${code}: ${child.err.trim()}`);
    return child.out;
  }

  /** A server that is ready: `{ url, child }`. */
  async function serve(args, settings = {}) {
    const listen = `127.0.0.1:${await freePort()}`;
    const child = byline(args, { BYLINE_LISTEN: listen, ...settings });
    const url = `http://${listen}`;
    await until(
      "the server is ready",
      () => {
        if (child.end) throw new Error(`the server ended: ${child.err.trim()}`);
        return fetch(`${url}/readyz`).then((answer) => answer.ok);
      },
      120,
    );
    return { url, child };
  }

  /** An author and a token to write with: signed up, applied and approved like anybody. */
  async function author(data, settings) {
    const maker = byline(["user", "create", "boss", "--role", "operator", "--data", data], settings, "pipe");
    maker.stdin.end(`${password}\n`);
    if ((await maker.ended).code !== 0) throw new Error(`byline user: ${maker.err.trim()}`);
    const { url, child } = await serve(["serve", "--data", data], settings);
    const post = (cookie) => async (address, fields) => {
      const answer = await fetch(url + address, { method: "POST", body: new URLSearchParams(fields), headers: cookie ? { cookie } : {}, redirect: "manual" });
      if (answer.status !== 303) throw new Error(`POST ${address}: ${answer.status}`);
      return answer.headers.getSetCookie().map((line) => line.split(";")[0]).find((pair) => pair.startsWith("session=")) ?? cookie;
    };
    const writer = await post()("/signup", { handle: "pen", name: "Pen", password });
    await post(writer)("/apply", { handle: "quay-notes", name: "Quay Notes", kind: "person", bio: "Notes from a quay.", reason: "To write." });
    const boss = await post()("/login", { handle: "boss", password });
    const open = await (await fetch(`${url}/admin/applications`, { headers: { cookie: boss } })).text();
    await post(boss)(`/admin/applications/${open.match(/\/admin\/applications\/(\w+)/)[1]}/approve`, {});
    await post(boss)("/admin/channels", { slug: "city", zh: "城市", en: "City", colour: "#8a5a00", position: "1" });
    await stop(child);
    return (await done(["token", "create", "pen", "--data", data], settings)).trim();
  }

  /** A reader who is signed in, by their cookie. */
  async function reader(url, handle) {
    const answer = await fetch(`${url}/login`, { method: "POST", body: new URLSearchParams({ handle, password }), redirect: "manual" });
    if (answer.status !== 303) throw new Error(`${handle} cannot sign in: ${answer.status}`);
    return answer.headers.getSetCookie().map((line) => line.split(";")[0]).find((pair) => pair.startsWith("session=") || pair.startsWith("__Host-"));
  }

  /** Makes a user by the command line. */
  async function user(handle, data, settings) {
    const maker = byline(["user", "create", handle, "--data", data], settings, "pipe");
    maker.stdin.end(`${password}\n`);
    if ((await maker.ended).code !== 0) throw new Error(`byline user: ${maker.err.trim()}`);
  }

  return { byline, done, serve, author, reader, user };
}
