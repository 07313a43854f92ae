// A request that fails is found by the number that the reader was shown: in the log with its cause, and in a collector of OpenTelemetry, down to
// the statement of SQL.

import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import { client } from "../census.mjs";
import { collect } from "../collector.mjs";
import { stop, until } from "../lib.mjs";
import { startPostgres } from "../postgres.mjs";
import { site as programs } from "../server.mjs";
import { expect, test } from "./site.mjs";

test("what failed is found by its number, in the log and in a collector", async () => {
  test.setTimeout(180_000);
  const folder = mkdtempSync(path.join(os.tmpdir(), "byline-traces-"));
  const [postgres, collector] = [await startPostgres(), await collect()];
  test.skip(!postgres, "no PostgreSQL to start");
  const settings = { BYLINE_DATABASE: postgres.url, BYLINE_REVIEW: "false", BYLINE_OTLP_ENDPOINT: collector.url, BYLINE_BEHIND_PROXY: "true" };
  const { serve, author } = programs(folder);
  let server;
  try {
    const token = await author(folder, settings);
    server = await serve(["serve", "--data", folder], settings);
    const { url, child } = server;
    const writer = client(url, token);
    const { id } = await writer.send("POST", "/api/v1/articles", { title: "Low water", body: "The quay.", channel: "city" });
    await writer.send("POST", `/api/v1/articles/${id}/submit`);

    const good = await fetch(`${url}/article/${id}?lang=en`, { headers: { accept: "text/html" } });
    expect(good.status).toBe(200);
    postgres.query("ALTER TABLE topic_articles RENAME TO gone");
    const proxy = { trace: "4bf92f3577b34da6a3ce929d0e0e4736", span: "00f067aa0ba902b7" };
    const ask = (address, headers) => fetch(url + address, { headers: { accept: "text/html", ...headers } });
    const bad = await ask(`/article/${id}?lang=zh-CN`);
    const continued = await ask(`/article/${id}?edition=care`, { traceparent: `00-${proxy.trace}-${proxy.span}-01` });
    for (const { status } of [bad, continued]) expect(status).toBe(500);
    const trace = bad.headers.get("x-request-id");
    expect(trace).toMatch(/^[0-9a-f]{32}$/);
    expect(continued.headers.get("x-request-id")).toBe(proxy.trace);

    const lines = child.err.split("\n").filter((line) => line.includes(trace)).map((line) => JSON.parse(line));
    expect(lines.map(({ level, fields }) => [level, fields.message, fields.route, fields.status])).toEqual([["ERROR", "a request failed", "/article/{id}", 500]]);
    expect(lines[0].fields.cause).toContain("topic_articles");

    const spans = await until("the collector has the trace", () => {
      const found = collector.spans.filter((span) => span.trace === trace);
      return found.some(({ name }) => name === "request") && found;
    });
    const [request] = spans.filter(({ name }) => name === "request");
    expect([request.parent, request.failed]).toEqual(["", true]);
    const failed = spans.filter(({ name, failed }) => name === "sql" && failed);
    expect(failed.length).toBeGreaterThan(0);
    expect(failed[0].attributes["db.query.text"]).toContain("topic_articles");
    expect(failed[0].message).toContain("does not exist");
    expect(spans.every(({ parent }) => parent === "" || spans.some((other) => other.id === parent))).toBe(true);

    const goes = await until("the proxy's trace goes on", () => collector.spans.find(({ trace, name }) => trace === proxy.trace && name === "request"));
    expect(goes.parent).toBe(proxy.span);
  } finally {
    if (server) await stop(server.child);
    await Promise.all([postgres.stop(), collector.stop()]);
    rmSync(folder, { recursive: true, force: true });
  }
});
