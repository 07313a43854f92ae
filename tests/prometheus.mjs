// Prometheus for tests: asks nodes for their metrics, and then answers what the dashboard and the alert rules of docs/operating ask.
// Debian's `prometheus` package, or the program that TEST_PROMETHEUS names.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import { ROOT, freePort, start, stop, until, works } from "./lib.mjs";

const PROGRAM = process.env.TEST_PROMETHEUS ?? "prometheus";
const DOCS = path.join(ROOT, "docs", "operating");

export const isThere = () => works(PROGRAM, "--version");

/** Every query of the dashboard, `{ panel, query }`, as Grafana sends it when all nodes are chosen. */
export const panels = () =>
  JSON.parse(readFileSync(path.join(DOCS, "grafana-dashboard.json"), "utf8")).panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => ({ panel: title, query: expr.replaceAll("$__rate_interval", "15s").replaceAll("$job", ".+").replaceAll("$instance", ".+") })),
  );

/** Starts one that asks these nodes every second: `{ series, stop }`. The alert rules are loaded; where they cannot be read it does not start. */
export async function startPrometheus(nodes) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "byline-prometheus-"));
  const config = path.join(folder, "prometheus.json");
  const targets = nodes.map((url) => new URL(url).host);
  // JSON is YAML.
  const what = {
    global: { scrape_interval: "1s", evaluation_interval: "5s" },
    rule_files: [path.join(DOCS, "prometheus-alerts.yml")],
    scrape_configs: [{ job_name: "byline", static_configs: [{ targets }] }],
  };
  writeFileSync(config, JSON.stringify(what));
  const port = await freePort();
  const args = [`--config.file=${config}`, `--storage.tsdb.path=${path.join(folder, "data")}`, `--web.listen-address=127.0.0.1:${port}`, "--log.level=error"];
  const server = start(PROGRAM, args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  const begun = Date.now();
  const ask = async (address) => {
    if (server.end) throw new Error("Prometheus ended");
    const answer = await (await fetch(`http://127.0.0.1:${port}/api/v1/${address}`)).json();
    if (answer.status !== "success") throw new Error(`Prometheus: ${answer.error}`);
    return answer.data;
  };
  await until("Prometheus is ready", () => ask("rules").then(({ groups }) => groups.length > 0), 30);
  return {
    /** How many series with a number answer `query` for the time that this Prometheus has seen. */
    series: async (query) => {
      const seconds = (Date.now() - begun) / 1_000;
      const range = { query, start: begun / 1_000, end: Date.now() / 1_000, step: Math.max(1, Math.ceil(seconds / 5_000)) };
      const { result } = await ask(`query_range?${new URLSearchParams(range)}`);
      return result.filter(({ values }) => values.some(([, value]) => value !== "NaN")).length;
    },
    /** Alerts that are firing or pending now. */
    alerts: async () => (await ask("alerts")).alerts.map(({ labels, state }) => `${labels.alertname} ${state}`),
    stop: async () => {
      await stop(server);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
