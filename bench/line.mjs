// One client who asks one thing after the other, over one connection, and looks at the clock: how long an answer takes where nobody
// waits for anybody. A bare socket, since Node's own client takes longer than most of what is measured here.

import { connect } from "node:net";

import { BROWSER } from "./load.mjs";

export class Line {
  #socket;
  #wanted = null;
  #parts = [];
  #length = 0;
  #whole = Infinity;

  static async to(url) {
    const { hostname, port } = new URL(url);
    const line = new Line();
    await new Promise((resolve, reject) => {
      line.#socket = connect({ host: hostname, port, noDelay: true }, resolve).once("error", reject);
    });
    line.host = `${hostname}:${port}`;
    line.#socket.on("data", (part) => line.#take(part));
    for (const end of ["close", "error"]) line.#socket.on(end, (error) => line.#wanted?.reject(error ?? new Error("the connection was closed")));
    return line;
  }

  #take(part) {
    this.#parts.push(part);
    this.#length += part.length;
    if (this.#whole === Infinity) {
      const head = Buffer.concat(this.#parts);
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) return;
      const length = head.subarray(0, end).toString("latin1").match(/\r\ncontent-length: *(\d+)/i);
      this.#whole = end + 4 + Number(length?.[1] ?? 0);
      this.head = end + 4;
    }
    if (this.#length >= this.#whole) this.#wanted.resolve();
  }

  /** One request: `{ status, ms, text() }`. */
  async ask(address, { method = "GET", headers = {}, body = "" } = {}) {
    const all = { Host: this.host, ...BROWSER, ...headers, ...(body && { "Content-Length": Buffer.byteLength(body) }) };
    const request = `${method} ${address} HTTP/1.1\r\n${Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n${body}`;
    [this.#parts, this.#length, this.#whole] = [[], 0, Infinity];
    const answered = new Promise((resolve, reject) => (this.#wanted = { resolve, reject }));
    const begun = performance.now();
    this.#socket.write(request);
    await answered;
    const ms = performance.now() - begun;
    this.#wanted = null;
    const [parts, head] = [this.#parts, this.head];
    const text = () => Buffer.concat(parts).toString();
    return { status: Number(parts[0].subarray(9, 12).toString()), ms, text, body: () => Buffer.concat(parts).subarray(head).toString() };
  }

  end() {
    this.#socket.destroy();
  }
}
