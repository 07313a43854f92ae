// The client that looks on: in a thread of its own, it asks for a few addresses again and again, on a connection that stays and on
// new ones, and tells how long each answer took. Started by hostile.mjs.

import http from "node:http";
import { parentPort, workerData } from "node:worker_threads";

const { host, port, addresses, pause } = workerData;
const staying = new http.Agent({ keepAlive: true, maxSockets: 1 });

function ask(path, agent) {
  const began = performance.now();
  return new Promise((resolve) => {
    const end = (status) => resolve({ path, status, ms: performance.now() - began });
    const request = http.get({ host, port, path, agent, headers: { accept: "text/html", "accept-language": "en" }, timeout: 10_000 }, (answer) => {
      answer.on("data", () => {});
      answer.on("end", () => end(answer.statusCode));
      answer.on("error", (error) => end(error.code ?? error.message));
    });
    request.on("timeout", () => request.destroy(new Error("no answer for ten seconds")));
    request.on("error", (error) => {
      // A connection that was closed while it was idle: any client asks again.
      if (agent === staying && request.reusedSocket && error.code === "ECONNRESET") ask(path, false).then(resolve);
      else end(error.code ?? error.message);
    });
  });
}

let stopped = false;
parentPort.on("message", () => (stopped = true));
for (let turn = 0; !stopped; turn++) {
  for (const path of addresses) parentPort.postMessage(await ask(path, turn % 2 ? staying : false));
  await new Promise((go) => setTimeout(go, pause));
}
staying.destroy();
parentPort.postMessage(null);
