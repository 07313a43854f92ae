// The reference for a page that is ready: nginx giving the same gzip bytes from its disk cache, set up as its manual says for speed.

import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import { freePort, stop, until } from "../tests/lib.mjs";
import { WORK, begin, get } from "./site.mjs";

// Where Debian and others put it; PATH of a plain user often lacks it.
const NGINX = ["nginx", "/usr/sbin/nginx", "/usr/local/sbin/nginx"].find((program) => !spawnSync(program, ["-v"]).error);

/** Name and version, or null where there is none that can do it. */
export function version() {
  if (!NGINX) return null;
  const said = spawnSync(NGINX, ["-V"], { encoding: "utf8" }).stderr;
  return said.includes("http_gzip_static_module") ? said.match(/nginx version: nginx\/(\S+)/)[1] : null;
}

const config = (folder, port) => `
# Workers may read what whoever runs this may read; without root there is nothing to choose.
${os.userInfo().uid === 0 ? `user ${os.userInfo().username};` : ""}
daemon off;
worker_processes 2;
pid ${folder}/pid;
error_log stderr warn;
events { worker_connections 1024; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  tcp_nodelay on;
  keepalive_requests 1000000000;
  open_file_cache max=100 inactive=1h;
  open_file_cache_valid 1h;
  etag on;
  gzip_static on;
  gzip_vary on;
  default_type "text/html; charset=utf-8";
  client_body_temp_path ${folder}/tmp; proxy_temp_path ${folder}/tmp; fastcgi_temp_path ${folder}/tmp;
  uwsgi_temp_path ${folder}/tmp; scgi_temp_path ${folder}/tmp;
  server {
    listen 127.0.0.1:${port} backlog=1024 reuseport;
    root ${folder}/pages;
  }
}
`;

/** Serves one page at `/page`, given plain and as gzip. */
export async function servePage(plain, gzip) {
  const folder = path.join(WORK, "nginx");
  mkdirSync(path.join(folder, "pages"), { recursive: true });
  mkdirSync(path.join(folder, "tmp"), { recursive: true });
  const port = await freePort();
  writeFileSync(path.join(folder, "pages", "page"), plain);
  writeFileSync(path.join(folder, "pages", "page.gz"), gzip);
  writeFileSync(path.join(folder, "nginx.conf"), config(folder, port));
  const child = begin(NGINX, ["-p", folder, "-c", path.join(folder, "nginx.conf")], { stdio: ["ignore", "inherit", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk) => (said = (said + chunk).slice(-2000)));
  const url = `http://127.0.0.1:${port}`;
  await until("nginx answers", () => {
    if (child.end) throw new Error(`it ended: ${said.trim()}`);
    return get(`${url}/page`).then((answer) => answer.status === 200);
  });
  return { url, address: "/page", stop: () => stop(child) };
}
