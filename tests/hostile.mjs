// Sends a running site what people send who want it down or want more than is theirs, while another client reads pages, and measures
// what that client sees: the 99th percentile of /healthz and of a cached page, and the memory that the server and its children hold.
//
//   node tests/hostile.mjs [--list] [name …]
//
// Works in a temporary folder, on the loopback interface, and ends by itself after some two minutes.

import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";

import { pixelBomb, plainPng, profileBomb, scanBomb, TEXTS } from "./hostile/bytes.mjs";
import { BYLINE, freePort, sleep, start, stop, until } from "./lib.mjs";

const { values: options, positionals: wanted } = parseArgs({ allowPositionals: true, options: { list: { type: "boolean", default: false } } });

/** What must hold whatever is sent. */
const SLOWEST = 250;
const MEMORY = 280;
/** Files that the server may have open: as little as many systems give. */
const FILES = 1_024;
const FOLDER = mkdtempSync(path.join(os.tmpdir(), "byline-hostile-"));
const FORM = "application/x-www-form-urlencoded";
const BOUNDARY = "----hostile";
const MULTIPART = `multipart/form-data; boundary=${BOUNDARY}`;

const port = await freePort();
const host = "127.0.0.1";
let server;

/* Asking */

/** One request; what came back, also where the server answered before it had read all. `body` may be a length of nothing but a's. */
function ask(method, address, { headers = {}, body, form, as, seconds = 60 } = {}) {
  if (form) [headers, body] = [{ "content-type": FORM, ...headers }, new URLSearchParams(form).toString()];
  const length = typeof body === "number" ? body : body === undefined ? 0 : Buffer.byteLength(body);
  const began = performance.now();
  return new Promise((resolve) => {
    let answered = false;
    const end = (status, extra) => {
      if (answered) return;
      answered = true;
      resolve({ status, ms: performance.now() - began, headers: {}, text: "", sent: request.socket?.bytesWritten ?? 0, ...extra });
    };
    const request = http.request({
      host,
      port,
      method,
      path: address,
      agent: false,
      timeout: seconds * 1000,
      headers: { "accept-language": "en", accept: "text/html", "sec-fetch-site": "same-origin", ...(as && { cookie: as }), ...(length && { "content-length": length }), ...headers },
    });
    request.on("response", (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      const done = () => end(answer.statusCode, { headers: answer.headers, text: Buffer.concat(parts).toString() });
      answer.on("end", done);
      answer.on("close", done);
      answer.on("error", done);
    });
    request.on("timeout", () => request.destroy(new Error("timeout")));
    // After an answer, that the rest is not taken is right.
    request.on("error", (error) => setTimeout(() => end(error.code ?? error.message), 50));
    if (typeof body !== "number") return request.end(body);
    const part = Buffer.alloc(256 << 10, "a");
    let left = body;
    const pour = () => {
      while (left > 0 && !answered && !request.destroyed) {
        const now = left < part.length ? part.subarray(0, left) : part;
        left -= now.length;
        if (!request.write(now)) return request.once("drain", pour);
      }
      request.end();
    };
    pour();
  });
}

/** A connection that has sent these bytes; `from` is the client's address. */
function connect(bytes, from = host) {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port, localAddress: from }, () => {
      socket.write(bytes);
      resolve(socket);
    });
    socket.on("error", () => resolve(socket));
  });
}

/** What comes back for these bytes, until the server closes. */
async function raw(bytes) {
  const socket = await connect(bytes);
  const parts = [];
  socket.on("data", (part) => parts.push(part));
  await Promise.race([new Promise((done) => socket.once("close", done)), sleep(20_000)]);
  socket.destroy();
  return Buffer.concat(parts).toString("latin1");
}

const cookies = new Map();
async function signIn(handle) {
  if (!cookies.has(handle)) {
    const { status, headers } = await ask("POST", "/login", { form: { handle, password: "byline-demo", return: "/about" } });
    if (status !== 303) throw new Error(`${handle} cannot sign in: ${status}`);
    cookies.set(handle, headers["set-cookie"].map((cookie) => cookie.split(";")[0]).join("; "));
  }
  return cookies.get(handle);
}

function multipart(fields, files = []) {
  const part = (head, body) => [Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; ${head}\r\n\r\n`), Buffer.from(body), Buffer.from("\r\n")];
  const parts = Object.entries(fields).map(([name, text]) => part(`name="${name}"`, text));
  parts.push(...files.map(([name, bytes]) => part(`name="${name}"; filename="a.png"`, bytes)));
  return Buffer.concat([...parts.flat(), Buffer.from(`--${BOUNDARY}--\r\n`)]);
}

/* Looking on */

/**
 * MB of their own that a process and its children hold; pages that they share count once (`Pss_Anon`, proc_pid_smaps(5)). Without those of the
 * program's file: they are the system's to take back, and those of a test build are many and grow with each crate, not with what is sent.
 */
function resident(pid) {
  try {
    const own = Number(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8").match(/^Pss_Anon:\s+(\d+)/m)?.[1] ?? 0) / 1024;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(/\s+/).filter(Boolean);
    return own + children.reduce((sum, child) => sum + resident(child), 0);
  } catch {
    // A child that has just ended.
    return 0;
  }
}

const percentile = (values, share) => values.sort((a, b) => a - b)[Math.min(values.length - 1, Math.ceil(values.length * share) - 1)];

/** Does `work` while a client looks on; fails with what it should not have seen. */
async function watched(work, { least = 4 } = {}) {
  const seen = [];
  let memory = 0;
  const watcher = new Worker(new URL("./hostile/watcher.mjs", import.meta.url), { workerData: { host, port, addresses: ["/healthz", "/"], pause: 15 } });
  const ended = new Promise((done) => watcher.on("message", (one) => (one ? seen.push(one) : done())));
  const measuring = setInterval(() => (memory = Math.max(memory, resident(server.pid))), 100);
  const until = Date.now() + least * 1000;
  let said;
  try {
    said = await work();
    await sleep(Math.max(0, until - Date.now()));
  } finally {
    watcher.postMessage("stop");
    await Promise.race([ended, sleep(12_000)]);
    clearInterval(measuring);
    await watcher.terminate();
  }
  const wrong = seen.filter(({ status }) => status !== 200);
  if (wrong.length) throw new Error(`who looked on got ${wrong[0].status} for ${wrong[0].path}, and ${wrong.length - 1} more of ${seen.length} went wrong`);
  const figures = ["/healthz", "/"].map((address) => {
    const all = seen.filter(({ path }) => path === address).map(({ ms }) => ms);
    if (all.length < 20) throw new Error(`${address} was answered ${all.length} times only`);
    return [address, percentile(all, 0.99), all.length];
  });
  const words = `${figures.map(([address, p99, n]) => `${address} ${p99.toFixed(0)} ms (99 % of ${n})`).join(", ")}, ${memory.toFixed(0)} MB`;
  for (const [address, p99] of figures) if (p99 > SLOWEST) throw new Error(`${address} took ${p99.toFixed(0)} ms: ${words}`);
  if (memory > MEMORY) throw new Error(`${memory.toFixed(0)} MB of memory: ${words}`);
  return said ? `${said}; ${words}` : words;
}

const oneOf = (what, status, allowed) => {
  if (!allowed.includes(status)) throw new Error(`${what}: ${status}, not ${allowed.join(" or ")}`);
};
const counts = (statuses) => Object.entries(statuses.reduce((all, status) => ({ ...all, [status]: (all[status] ?? 0) + 1 }), {})).map(([status, n]) => `${n} × ${status}`).join(", ");

/* What is sent */

const attacks = {};

attacks["markup that costs more than its length"] = async () => {
  const as = await signIn("mara");
  const said = await watched(async () => {
    const statuses = [];
    for (const [name, format, body] of TEXTS) {
      const two = await Promise.all([1, 2].map(() => ask("POST", "/studio/preview", { form: { format, body }, as })));
      for (const { status, ms } of two) {
        oneOf(name, status, [200, 413, 422, 429, 503]);
        if (ms > 10_000) throw new Error(`${name}: the answer took ${(ms / 1000).toFixed(1)} s`);
        statuses.push(status);
      }
    }
    for (const [name, format, body] of [TEXTS[0], TEXTS[6], TEXTS[7], TEXTS[11]]) {
      const form = multipart({ title: "Hostile", format, body, channel: "city", author: "" });
      const { status, ms } = await ask("POST", "/studio/new", { headers: { "content-type": MULTIPART }, body: form, as });
      oneOf(`saving ${name}`, status, [303, 413, 422, 429, 503]);
      if (ms > 10_000) throw new Error(`saving ${name} took ${(ms / 1000).toFixed(1)} s`);
      statuses.push(status);
    }
    return counts(statuses);
  });
  return said;
};

attacks["large bodies of nobody"] = () =>
  watched(async () => {
    const previews = Array.from({ length: 10 }, () => ask("POST", "/studio/preview", { headers: { "content-type": FORM }, body: 87_000_000 }));
    const forms = Array.from({ length: 60 }, () => ask("POST", "/studio/new", { headers: { "content-type": MULTIPART }, body: 19_000_000 }));
    const api = Array.from({ length: 10 }, () => ask("POST", "/api/v1/media", { headers: { "content-type": "image/png" }, body: 19_000_000 }));
    const answers = await Promise.all([...previews, ...forms, ...api]);
    for (const { status, sent } of answers) {
      oneOf("a large body of nobody", status, [303, 401, 413, 429, 503, "ECONNRESET", "EPIPE"]);
      if (sent > 60_000_000) throw new Error(`${sent} bytes of it were taken`);
    }
    const told = answers.filter(({ status }) => typeof status === "number").length;
    if (told < answers.length / 2) throw new Error(`only ${told} of ${answers.length} were told why`);
    return counts(answers.map(({ status }) => status));
  });

attacks["uploads of who may not, and what is left of them"] = () =>
  watched(async () => {
    const reader = await signIn("reader");
    const bytes = plainPng(7);
    for (const [address, field] of [["/studio/new", "cover1"], ["/studio/pictures", "picture"], ["/studio/profile", "avatar"]]) {
      const { status } = await ask("POST", address, { headers: { "content-type": MULTIPART }, body: multipart({ title: "x" }, [[field, bytes]]), as: reader });
      oneOf(address, status, [403]);
    }
    const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 32);
    for (const variant of ["full.png", "full.jpg", "w12.webp"]) {
      const { status } = await ask("GET", `/media/${hash}/${variant}`);
      oneOf(`the refused picture's ${variant}`, status, [404]);
    }
  });

const HALF = `POST /login HTTP/1.1\r\nhost: ${host}\r\ncontent-type: ${FORM}\r\ncontent-length: 999\r\n\r\nhandle=`;

/** `count` connections, two thousand a second: all at once, this program would take the processors from the one it looks at. */
async function crowd(count, open) {
  const sockets = [];
  while (sockets.length < count) {
    sockets.push(...(await Promise.all(Array.from({ length: 100 }, (_, n) => open(sockets.length + n)))));
    await sleep(50);
  }
  return sockets;
}

attacks["1,100 bodies that never end"] = () =>
  watched(async () => {
    const sockets = await crowd(1_100, () => connect(HALF));
    await sleep(5_000);
    const { status } = await ask("GET", "/about");
    oneOf("another page", status, [200]);
    sockets.forEach((socket) => socket.destroy());
  });

/** Pours `bytes` of a form's one text, then a byte now and then, and never all that it says. */
async function trickle(address, kind, bytes, { as, from = host, pause = 5_000 }) {
  const begin = kind === FORM ? "body=" : `--${BOUNDARY}\r\nContent-Disposition: form-data; name="body"\r\n\r\n`;
  const length = begin.length + bytes + 1_000;
  const socket = await connect(`POST ${address} HTTP/1.1\r\nhost: ${host}\r\ncookie: ${as}\r\ncontent-type: ${kind}\r\ncontent-length: ${length}\r\n\r\n${begin}`, from);
  socket.write(Buffer.alloc(bytes, "a"));
  const dripping = setInterval(() => socket.writable && socket.write("a"), pause);
  const closed = new Promise((done) => socket.once("close", done)).finally(() => clearInterval(dripping));
  socket.resume();
  return { socket, closed };
}

attacks["long texts that come at once and then by the byte"] = () =>
  watched(async () => {
    const as = await signIn("mara");
    const began = Date.now();
    // Of one who says that a session has ended, of ones who have none, and of an author.
    const texts = [[7_900_000, "session=x"], ...Array.from({ length: 9 }, () => [900_000, "x=y"])];
    const nobodys = await Promise.all(texts.map(([bytes, as], n) => trickle("/studio/new", MULTIPART, bytes, { as, from: `127.0.0.${n + 2}` })));
    const authors = await Promise.all(Array.from({ length: 4 }, () => trickle("/studio/preview", FORM, 7_900_000, { as })));
    await sleep(2_000);
    // Everybody else goes on: in, out, up, and with a comment.
    const reader = await ask("POST", "/login", { form: { handle: "reader", password: "byline-demo", return: "/about" } });
    oneOf("signing in meanwhile", reader.status, [303]);
    const cookie = reader.headers["set-cookie"].map((one) => one.split(";")[0]).join("; ");
    oneOf("signing up meanwhile", (await ask("POST", "/signup", { form: { handle: "", name: "", password: "" } })).status, [422]);
    oneOf("a choice meanwhile", (await ask("POST", "/settings/accessibility", { form: { text: "1" } })).status, [303]);
    oneOf("signing out meanwhile", (await ask("POST", "/logout", { form: {}, as: cookie })).status, [303]);
    // And none of it lasts.
    await Promise.race([Promise.all([...nobodys, ...authors].map(({ closed }) => closed)), sleep(60_000)]);
    const open = [...nobodys, ...authors].filter(({ socket }) => !socket.destroyed).length;
    [...nobodys, ...authors].forEach(({ socket }) => socket.destroy());
    if (open) throw new Error(`${open} of them were still waited for after ${Math.round((Date.now() - began) / 1000)} s`);
  });

attacks["forms of a million parts"] = () =>
  watched(async () => {
    const as = await signIn("mara");
    const files = Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="picture"; filename="a.png"\r\n\r\nx\r\n`.repeat(100_000) + `--${BOUNDARY}--\r\n`);
    const texts = multipart(Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`x${n}`, ""])));
    for (const [what, body] of [["files", files], ["texts", texts]]) {
      const { status, ms } = await ask("POST", "/studio/new", { headers: { "content-type": MULTIPART }, body, as });
      oneOf(`a form of ${what}`, status, [413, 422, "ECONNRESET", "EPIPE"]);
      if (ms > 10_000) throw new Error(`a form of ${what} took ${(ms / 1000).toFixed(1)} s`);
    }
  });

attacks["1,100 requests that never end, and connections that say nothing"] = () =>
  watched(async () => {
    const open = (n) => connect(n % 2 ? `GET / HTTP/1.1\r\nhost: ${host}\r\nx-` : "");
    const sockets = await crowd(1_100, open);
    await sleep(4_000);
    sockets.forEach((socket) => socket.destroy());
  });

attacks["readers who do not read"] = () =>
  watched(async () => {
    const { text } = await ask("GET", "/");
    const picture = text.match(/\/media\/[0-9a-f]+\/[\w.]+/)?.[0] ?? "/";
    const sockets = await Promise.all(Array.from({ length: 300 }, (_, n) => connect(`GET ${n % 2 ? picture : "/"} HTTP/1.1\r\nhost: ${host}\r\n\r\n`.repeat(20))));
    sockets.forEach((socket) => socket.pause());
    await sleep(5_000);
    sockets.forEach((socket) => socket.destroy());
  });

attacks["what is no request"] = () =>
  watched(async () => {
    const long = (n) => "x".repeat(n);
    for (const [what, bytes, want] of [
      ["no Host", "GET / HTTP/1.1\r\n\r\n", 400],
      ["two Hosts", "GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n", 400],
      ["a Host of two", "GET / HTTP/1.1\r\nhost: a, b\r\n\r\n", 400],
      ["nonsense", "\x16\x03\x01\x02\x00\r\n\r\n", 400],
      ["a header without a name", `GET / HTTP/1.1\r\nhost: ${host}\r\n: x\r\n\r\n`, 400],
      ["an address of 20 KB", `GET /${long(20_000)} HTTP/1.1\r\nhost: ${host}\r\n\r\n`, 414],
      ["an address of 2 MB", `GET /${long(2_000_000)} HTTP/1.1\r\nhost: ${host}\r\n\r\n`, 414],
      ["a header of 2 MB", `GET / HTTP/1.1\r\nhost: ${host}\r\ncookie: ${long(2_000_000)}\r\n\r\n`, 431],
      ["500 headers", `GET / HTTP/1.1\r\nhost: ${host}\r\n${"a: b\r\n".repeat(500)}\r\n`, 431],
    ]) {
      const answer = await raw(bytes);
      oneOf(what, Number(answer.split(" ")[1]), [want]);
    }
  });

attacks["a flood of searches"] = () =>
  watched(async () => {
    const words = ["港口", "灯塔", "boat", "tide", "科技", "城市", "的", "harbour"];
    const answers = [];
    for (let n = 0; n < 800; n++) {
      const address = n % 2 ? `/search?q=${encodeURIComponent(words[n % 8] + n)}` : `/api/v1/search?q=${encodeURIComponent(words[n % 8])}&limit=100`;
      answers.push(ask("GET", address));
      await sleep(5);
    }
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    for (const status of statuses) oneOf("a search", status, [200, 429, 503]);
    return counts(statuses);
  });

attacks["pictures that unpack to more than there is"] = async () => {
  const as = await signIn("mara");
  const bombs = [["a profile of 1 GB", await profileBomb()], ["300 scans", scanBomb()], ["2,500 megapixels", await pixelBomb()]];
  return watched(async () => {
    const said = [];
    for (const [what, bytes] of bombs) {
      const two = [1, 2].map((n) => multipart({ picture_alt: "x" }, [["picture", Buffer.concat([bytes, Buffer.from([n])])]]));
      const headers = { "content-type": MULTIPART, accept: "application/json" };
      const answers = await Promise.all(two.map((body) => ask("POST", "/studio/pictures", { headers, body, as })));
      for (const { status, ms } of answers) {
        oneOf(what, status, [201, 413, 422, 429, 503]);
        if (ms > 15_000) throw new Error(`${what} took ${(ms / 1000).toFixed(1)} s`);
      }
      said.push(`${what} ${answers[0].status}`);
    }
    return said.join(", ");
  });
};

attacks["1,500 addresses of one page"] = () =>
  watched(async () => {
    const drawn = async () => Number((await ask("GET", "/metrics")).text.match(/^byline_page_cache_misses_total (\d+)/m)?.[1] ?? Number.NaN);
    for (const address of ["/", "/latest", "/hot"]) await ask("GET", address);
    const before = await drawn();
    for (let n = 0; n < 1_500; n += 30) {
      await Promise.all(Array.from({ length: 30 }, (_, k) => ask("GET", `${["/", "/latest", "/hot"][k % 3]}?utm_source=${n + k}&utm_medium=${"x".repeat(k)}`)));
    }
    const after = await drawn();
    // Pages grow old in a minute, and what is counted changes them; but nothing like one for each address.
    if (!(after - before < 300)) throw new Error(`${after - before} pages were drawn`);
    return `${after - before} pages were drawn`;
  });

attacks["pictures that are none"] = () =>
  watched(async () => {
    const as = await signIn("reader");
    for (const address of ["/?lang=en", "/?edition=care", "/logout", "/settings/account?lang=en", "/-/slots?path=%2F"]) {
      const { headers } = await ask("GET", address, { headers: { "sec-fetch-dest": "image", accept: "image/*,*/*", "sec-fetch-site": "cross-site" }, as });
      if (headers["set-cookie"]) throw new Error(`${address} set ${headers["set-cookie"]}`);
    }
    oneOf("the account", (await ask("GET", "/settings/account", { as })).status, [200]);
    for (const address of ["//evil.example/x", "/%5Cevil.example/x", "///evil.example"]) {
      const { text } = await ask("GET", address);
      if (/(?:href|action|value)="(?:\/\/|\/\\)/.test(text)) throw new Error(`${address}: a link leads away`);
    }
  });

/** Last: it ends the server. */
attacks["an end that is held up by nobody"] = async () => {
  const sockets = await Promise.all(Array.from({ length: 600 }, (_, n) => connect(n % 2 ? HALF : `GET / HTTP/1.1\r\nhost: ${host}\r\n\r\n`)));
  await sleep(500);
  const began = Date.now();
  await stop(server, "SIGTERM", 20);
  sockets.forEach((socket) => socket.destroy());
  const seconds = (Date.now() - began) / 1000;
  if (server.end.code !== 0) throw new Error(`it ended by ${server.end.signal ?? server.end.code} after ${seconds} s`);
  if (seconds > 10) throw new Error(`it took ${seconds} s`);
  return `${seconds} s`;
};

/* All, and what came of it */

if (options.list) {
  console.log(Object.keys(attacks).join("\n"));
  process.exit(0);
}
const results = [];
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("BYLINE_")));
try {
  const data = path.join(FOLDER, "demo");
  const command = `ulimit -n ${FILES}; exec "$0" "$@"`;
  const run = () => {
    server = start("sh", ["-c", command, BYLINE, "demo", "--data", data, "--listen", `${host}:${port}`], { cwd: FOLDER, env, stdio: ["ignore", "ignore", "pipe"] });
    server.said = "";
    server.stderr.on("data", (part) => (server.said = (server.said + part).slice(-4000)));
  };
  const ready = () => {
    if (server.end) throw new Error(`the server ended: ${server.said}`);
    return ask("GET", "/readyz", { seconds: 2 }).then(({ status }) => status === 200);
  };
  run();
  await until("the site is made", ready, 300);
  // Anew, as sites are: without what it took to make sixty articles and their pictures.
  await stop(server);
  run();
  await until("the site is ready", ready, 60);
  await until("search finds something", async () => JSON.parse((await ask("GET", `/api/v1/search?q=harbour`)).text).total > 0, 60);
  console.log(`the site is ready, ${resident(server.pid).toFixed(0)} MB`);
  for (const [name, attack] of Object.entries(attacks)) {
    if (wanted.length && !wanted.some((word) => name.includes(word))) continue;
    const began = Date.now();
    const [ok, said] = await attack().then((said) => [true, said], (error) => [false, error.message]);
    results.push(ok);
    console.log(`${ok ? "passed" : "FAILED"}  ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)${said ? `: ${said}` : ""}`);
    if (server.end) break;
  }
} catch (error) {
  results.push(false);
  console.log(`FAILED  ${error.message}`);
} finally {
  if (server) await stop(server);
  rmSync(FOLDER, { recursive: true, force: true });
}
const failed = results.filter((ok) => !ok).length;
console.log(`\n${results.length - failed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
