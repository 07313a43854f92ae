// Somebody else's transaction stays open on the database's server, in the site's database and in another, having written: what the site
// publishes meanwhile must be seen on both nodes as soon as ever.

import path from "node:path";

import { client } from "./census.mjs";
import { sleep, stop, until } from "./lib.mjs";
import { startPostgres } from "./postgres.mjs";
import { startS3 } from "./s3.mjs";
import { site } from "./server.mjs";

/** How soon the other node shows what one has taken (milliseconds). */
const TRUE_WITHIN = 1_000;

export async function longTransaction({ folder, minutes, round }) {
  const tools = site(folder);
  const [postgres, s3] = [await startPostgres(), await startS3()];
  const settings = { ...s3.settings, BYLINE_DATABASE: postgres.url, BYLINE_REVIEW: "false" };
  const started = [];
  try {
    const data = path.join(folder, "long-transaction-0");
    const token = await tools.author(data, settings);
    const nodes = [await tools.serve(["serve", "--data", data], settings), await tools.serve(["serve", "--data", path.join(folder, "long-transaction-1")], settings)];
    started.push(...nodes);
    const publish = async (n, [taker, other]) => {
      const api = client(taker.url, token);
      const { id } = await api.send("POST", "/api/v1/articles", { title: `Quay ${n}`, body: `Number ${n}.`, channel: "city" });
      await api.send("POST", `/api/v1/articles/${id}/submit`);
      const begun = Date.now();
      const listed = async () => (await (await fetch(`${other.url}/latest`, { headers: { accept: "text/html" } })).text()).includes(`/article/${id}"`);
      await until(`node ${nodes.indexOf(other)} lists it`, listed, 30);
      return Date.now() - begun;
    };
    await publish(0, nodes);
    await round(`a transaction of ${minutes} minutes`, async () => {
      postgres.query("CREATE DATABASE elsewhere");
      const hold = `SELECT pg_sleep(${60 * minutes})`;
      const holders = ["postgres", "elsewhere"].map((database) => postgres.begin({ database }, "CREATE TABLE theirs (n int)", "BEGIN", "INSERT INTO theirs VALUES (1)", hold, "COMMIT"));
      started.push(...holders.map((child) => ({ child })));
      const open = () => Number(postgres.query("SELECT count(*) FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND query LIKE 'SELECT pg_sleep%'")[0]);
      await until("both are open", () => open() === 2);
      const times = [];
      while (holders.every(({ end }) => !end)) {
        times.push(await publish(times.length + 1, times.length % 2 ? nodes : [...nodes].reverse()));
        await sleep(1_000);
      }
      if (holders.some(({ end }) => end && end.code !== 0)) throw new Error("a transaction did not stay open");
      const slowest = Math.max(...times);
      if (slowest > TRUE_WITHIN) throw new Error(`the other node showed an article after ${slowest} ms`);
      return `${times.length} articles were on the other node within ${slowest} ms, half of them within ${times.sort((a, b) => a - b)[times.length >> 1]} ms`;
    });
  } finally {
    for (const { child } of started) await stop(child, "SIGKILL");
    await Promise.all([postgres.stop(), s3.stop()]);
  }
}
