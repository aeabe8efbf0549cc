// A registry with the example of its own: the debug binary on a free port, with a database in a temporary folder.

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Where the tests' build is; `TWINCITY_BIN` names another. */
function binary() {
  const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");
  const path = process.env.TWINCITY_BIN ?? join(target, "debug", "twincity");
  if (!existsSync(path)) {
    throw new Error(`there is no ${path}: run \`cargo build\`, or name a binary in TWINCITY_BIN`);
  }
  return path;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Serves with these settings; resolves when it listens. */
export async function start(settings = {}) {
  const folder = mkdtempSync(join(tmpdir(), "twincity-browser-"));
  const base = `http://127.0.0.1:${await freePort()}`;
  const server = spawn(binary(), ["serve", "--demo"], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      TWINCITY_BIND: new URL(base).host,
      TWINCITY_DATABASE_URL: `sqlite:${join(folder, "registry.db")}`,
      TWINCITY_LOG: "warn",
      ...settings,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log = [];
  server.stderr.on("data", (data) => log.push(String(data)));
  const ended = new Promise((resolve) => server.once("exit", resolve));
  let key;
  await new Promise((resolve, reject) => {
    ended.then(() => reject(new Error(`the server ended:\n${log.join("")}`)));
    createInterface(server.stdout).on("line", (line) => {
      key = line.match(/tck_[\w-]+/)?.[0] ?? key;
      if (line.startsWith("listening")) resolve();
    });
  });
  const registry = {
    base,
    key,
    /** Where it keeps what it has, mails among it. */
    folder,
    /** What the server has said on standard error. */
    log,
    /** JSON of the API. */
    async get(path) {
      const response = await fetch(base + path);
      if (!response.ok) throw new Error(`${path}: ${response.status}`);
      return response.json();
    },
    /** Creates a record with the key of the demo; its view. */
    async post(path, body) {
      const response = await fetch(base + path, {
        method: "POST",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return response.json();
    },
    async stop() {
      server.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return registry;
}
