// A balancer for tests: each request goes to the next of the nodes that are ready, as HAProxy's `balance roundrobin` with a health check does it.

import http from "node:http";

/** How often it looks whether nodes are ready. */
const LOOK = 200;

/** Starts it on `port`, before `nodes` (addresses). `ready()` says how many of them get requests; `counts` what each was asked. */
export async function balance(port, nodes) {
  const agent = new http.Agent({ keepAlive: true });
  const states = nodes.map((url) => ({ url: new URL(url), ready: true, asked: 0 }));
  let turn = 0;

  const look = async (node) => {
    const answer = await fetch(new URL("/readyz", node.url), { signal: AbortSignal.timeout(2_000) }).catch(() => null);
    node.ready = answer?.status === 200;
  };
  const looking = setInterval(() => states.forEach(look), LOOK);

  /** The next that is ready, and is not among those that this request has tried. */
  const next = (tried) => {
    for (let n = 0; n < states.length; n++) {
      const node = states[turn++ % states.length];
      if (node.ready && !tried.includes(node)) return node;
    }
    return states.find((node) => !tried.includes(node));
  };

  const pass = (request, response, tried = []) => {
    const node = next(tried);
    if (!node) return response.writeHead(502).end();
    node.asked++;
    const headers = { ...request.headers, "x-forwarded-for": request.socket.remoteAddress, "x-forwarded-proto": "http" };
    const { hostname, port } = node.url;
    let begun = false;
    const onward = http.request({ agent, host: hostname, port, method: request.method, path: request.url, headers }, (answer) => {
      begun = true;
      response.writeHead(answer.statusCode, answer.rawHeaders);
      answer.pipe(response);
      answer.on("error", () => response.destroy());
    });
    onward.on("error", (error) => {
      if (begun) return response.destroy();
      // Nothing of it was taken where nobody listened; what only asks may be asked twice.
      const again = error.code === "ECONNREFUSED" || ["GET", "HEAD"].includes(request.method);
      if (error.code === "ECONNREFUSED") node.ready = false;
      if (again && !(request.method === "POST" && error.code !== "ECONNREFUSED")) return pass(request, response, [...tried, node]);
      response.writeHead(502).end();
    });
    // A body that was sent off cannot be sent again: it waits until somebody has taken the connection.
    if (["GET", "HEAD"].includes(request.method)) onward.end();
    else onward.on("socket", (socket) => (socket.connecting ? socket.once("connect", () => request.pipe(onward)) : request.pipe(onward)));
    response.on("close", () => onward.destroy());
  };

  const server = http.createServer((request, response) => pass(request, response));
  await new Promise((done) => server.listen(port, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${port}`,
    ready: () => states.filter((node) => node.ready).length,
    counts: () => states.map((node) => node.asked),
    stop: () => {
      clearInterval(looking);
      agent.destroy();
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    },
  };
}
