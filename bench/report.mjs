// What was measured, as a page to read: on what, by which command, each figure beside its reference.

import { spawnSync } from "node:child_process";
import os from "node:os";

import { ROOT } from "../tests/lib.mjs";
import * as nginx from "./nginx.mjs";
import * as pace from "./pace.mjs";
import { tool } from "./load.mjs";
import { BYLINE } from "./site.mjs";
import { digits, spread, times } from "./figures.mjs";

const said = (program, ...args) => spawnSync(program, args, { cwd: ROOT, encoding: "utf8" }).stdout?.trim() ?? "";

function commit() {
  const changed = said("git", "status", "--porcelain", "--untracked-files=no", "--", ".", ":!bench");
  return `${said("git", "rev-parse", "--short", "HEAD") || "unknown"}${changed && " with changes that are not committed"}`;
}

/** What targets of time were multiplied by. */
function paced() {
  return (
    `all cores compress ${spread(pace.paces(), " MiB")} of text a second, looked at before each part. Targets of time were set where they compress ` +
    `${pace.usual} and move with it; but those from publishing to visible`
  );
}

/** What stands at the top. Names of the machine, its users and folders are nobody's business. */
function about({ command, begun, busy }) {
  const cpu = os.cpus()[0]?.model ?? "unknown";
  const lines = [
    ["Command", `\`${command}\``],
    ["Date", `${begun.toISOString().slice(0, 16).replace("T", " ")} UTC, ${Math.round((Date.now() - begun) / 60_000)} minutes`],
    ["Machine", `${os.availableParallelism()} cores of ${cpu}, ${digits(os.totalmem() / 2 ** 30)} GiB of memory, ${os.type()} ${os.release()} ${os.arch()}`],
    ["Its pace", paced()],
    ["Load before", `${digits(busy)} (average of a minute; what else ran took part)`],
    ["Byline", `${said(BYLINE, "--version")}, ${process.env.BENCH_BYLINE ? "a program built before" : `commit ${commit()}`}`],
    ["Load tool", `${tool()}; it shares the cores with what it measures`],
    ["Reference", nginx.version() ? `nginx ${nginx.version()}` : "none: nginx is missing"],
  ];
  return lines.map(([name, value]) => `- ${name}: ${value}`).join("\n");
}

const verdict = (good) => (good === undefined ? "" : good ? "met" : "**missed**");

function table(rows) {
  const cells = rows.map(({ what, value, reference = "", ratio, target = "", good }) =>
    [what, value, reference, ratio === undefined ? "" : times(ratio), target, verdict(good)].join(" | "),
  );
  return ["what | Byline | reference | ratio | target | ", "--- | --- | --- | --- | --- | ---", ...cells].map((line) => `| ${line} |`).join("\n");
}

/** The whole page. `parts` are what was measured, `missing` what was not and why. */
export function page(parts, missing, run) {
  const sections = parts.map(({ title, how, rows }) => `## ${title}\n\n${how}\n\n${table(rows)}\n`);
  const left = missing.length ? `Left out:\n\n${missing.map((line) => `- ${line}`).join("\n")}\n\n` : "";
  return `# How fast Byline is

Written by \`make bench\`. Figures are medians, with the lowest and the highest in brackets; a ratio is that of two figures of this run,
one measured right after the other, or of a figure to what it is to be.

${about(run)}

${left}${sections.join("\n")}`;
}

/** For the terminal, while it goes on. */
export function lines({ title, rows }) {
  const row = ({ what, value, reference, ratio, good }) =>
    `  ${what.padEnd(44)} ${value}${reference ? `  against ${reference}: ${times(ratio)}` : ""}${good === undefined ? "" : good ? "  met" : "  MISSED"}`;
  return [title, ...rows.map(row)].join("\n");
}
