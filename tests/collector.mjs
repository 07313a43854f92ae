// A collector of OpenTelemetry for tests: takes spans by OTLP over HTTP, in protocol buffers, and knows just enough of them.

import http from "node:http";

/** The fields of a message: `[number, value]`, where a value is a number, or the bytes of what is longer (Protocol Buffers, "Encoding"). */
function* fields(bytes) {
  let at = 0;
  const varint = () => {
    let [value, shift] = [0n, 0n];
    for (;;) {
      const byte = bytes[at++];
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return Number(value);
      shift += 7n;
    }
  };
  while (at < bytes.length) {
    const key = varint();
    const [number, kind] = [key >> 3, key & 7];
    if (kind === 0) yield [number, varint()];
    else if (kind === 1) yield [number, bytes.subarray(at, (at += 8))];
    else if (kind === 5) yield [number, bytes.subarray(at, (at += 4))];
    else {
      const length = varint();
      yield [number, bytes.subarray(at, (at += length))];
    }
  }
}

const all = (bytes, number) => [...fields(bytes)].filter(([n]) => n === number).map(([, value]) => value);
const text = (bytes) => bytes?.toString("utf8");

/** A span (opentelemetry/proto/trace/v1/trace.proto): the fields that tests look at. */
function span(bytes) {
  const first = (number) => all(bytes, number)[0];
  const attributes = all(bytes, 9).map((pair) => [text(all(pair, 1)[0]), text(all(all(pair, 2)[0] ?? Buffer.alloc(0), 1)[0])]);
  const status = first(15) ?? Buffer.alloc(0);
  return {
    trace: first(1).toString("hex"),
    id: first(2).toString("hex"),
    parent: first(4)?.toString("hex") ?? "",
    name: text(first(5)),
    attributes: Object.fromEntries(attributes),
    failed: all(status, 3)[0] === 2,
    message: text(all(status, 2)[0]) ?? "",
  };
}

/** Starts it: `{ url, spans, stop }`; `spans` grows. */
export async function collect() {
  const spans = [];
  const server = http.createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    if (request.url !== "/v1/traces") return response.writeHead(404).end();
    for (const resource of all(Buffer.concat(parts), 1)) for (const scope of all(resource, 2)) spans.push(...all(scope, 2).map(span));
    response.writeHead(200, { "content-type": "application/x-protobuf" }).end();
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const stop = () => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  };
  return { url: `http://127.0.0.1:${server.address().port}`, spans, stop };
}
