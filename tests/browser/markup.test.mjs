// What is sent: valid HTML, not too much of it, and no link that leads nowhere.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { addresses, languages } from "./pages.mjs";
import { start } from "./registry.mjs";

const vnu = fileURLToPath(new URL("./node_modules/vnu-jar/build/dist/vnu.jar", import.meta.url));

let registry;
before(async () => {
  registry = await start();
});
after(() => registry?.stop());

test("pages are valid HTML, and small", async () => {
  const folder = mkdtempSync(join(tmpdir(), "twincity-markup-"));
  const faults = [];
  for (const lang of languages) {
    for (const [kind, address] of Object.entries(await addresses(registry, lang))) {
      const response = await fetch(`${registry.base}${address}`);
      const html = await response.text();
      if (Buffer.byteLength(html) > 60 * 1024) faults.push(`${lang}, ${kind}: ${Buffer.byteLength(html)} bytes`);
      writeFileSync(join(folder, `${lang}-${kind.replaceAll(/\W+/g, "-")}.html`), html);
    }
  }
  const run = promisify(execFile);
  const { stdout } = await run("java", ["-jar", vnu, "--format", "json", "--stdout", "--exit-zero-always", folder], {
    maxBuffer: 1 << 26,
  });
  for (const { url, type, subType, lastLine, message, extract } of JSON.parse(stdout).messages) {
    faults.push(`${url?.split("/").pop()}:${lastLine}: ${subType ?? type}: ${message} ${extract ?? ""}`);
  }
  rmSync(folder, { recursive: true });
  assert.deepEqual(faults, [], faults.join("\n"));
});

/** The addresses in a page, and what may be pointed at in it. */
function read(html) {
  const decoded = (text) => text.replaceAll("&amp;", "&").replaceAll("&#x27;", "'").replaceAll("&quot;", '"');
  return {
    // Where forms send what they write is no page.
    links: [...html.replaceAll(/<form[^>]*method="post"[^>]*>/g, "").matchAll(/\s(?:href|src|action)="([^"]*)"/g)].map(
      ([, link]) => decoded(link),
    ),
    ids: new Set([...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id)),
  };
}

test("every link inside of the registry leads somewhere", async () => {
  const known = new Map();
  const waiting = ["/"];
  const faults = [];
  const ask = async (path) => {
    const response = await fetch(registry.base + path, { headers: { accept: "text/html,*/*;q=0.1" } });
    const html = response.headers.get("content-type")?.startsWith("text/html") ?? false;
    const text = await response.text();
    return { status: response.status, html, ...(html ? read(text) : { links: [], ids: null }) };
  };
  const points = [];
  while (waiting.length > 0) {
    const batch = waiting.splice(0, 16).filter((path) => !known.has(path));
    for (const path of new Set(batch)) known.set(path, undefined);
    await Promise.all(
      [...new Set(batch)].map(async (path) => {
        const found = await ask(path);
        known.set(path, found);
        // The documentation of the API is another program's page.
        if (path.startsWith("/docs/")) return;
        for (const link of found.links) {
          const url = new URL(link, registry.base + path);
          if (url.origin !== registry.base) continue;
          const target = url.pathname + url.search;
          if (!known.has(target)) waiting.push(target);
          if (url.hash) points.push([path, target, decodeURIComponent(url.hash.slice(1))]);
        }
      }),
    );
  }
  for (const [path, { status }] of known) {
    if (status !== 200) faults.push(`${path}: ${status}`);
  }
  for (const [path, target, id] of points) {
    if (known.get(target)?.ids && !known.get(target).ids.has(id)) faults.push(`${path}: #${id} is not on ${target}`);
  }
  assert.ok(known.size > 300, `${known.size} addresses`);
  assert.deepEqual(faults, [], faults.slice(0, 50).join("\n"));
});
