// What readers send: following by e-mail and suggestions, with and without scripts.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { solve } from "../../src/html/assets/suggest.mjs";
import { open, watched } from "./browser.mjs";
import { start } from "./registry.mjs";

let registry;
let browser;
let city;
before(async () => {
  registry = await start();
  browser = await open();
  city = (await registry.get("/api/v1/partners?q=bialystok")).data[0].id;
});
after(async () => {
  await browser?.close();
  await registry?.stop();
});

/** The newest mail in the registry's folder, once there are so many. */
async function mail(count) {
  const folder = join(registry.folder, "mail");
  for (;;) {
    const files = (() => {
      try {
        return readdirSync(folder).filter((name) => name.endsWith(".eml"));
      } catch {
        return [];
      }
    })();
    if (files.length >= count) {
      const texts = files.map((name) => readFileSync(join(folder, name), "utf8").replace(/=\r\n/g, "").replace(/=3D/g, "="));
      return texts;
    }
    await new Promise((go) => setTimeout(go, 50));
  }
}

test("the script solves the puzzles of the registry", async () => {
  for (const n of [1, 2]) {
    const text = await solve(`2026-11-24T12:00:00Z.8x3k0q2m${n}`, 12);
    assert.equal(createHash("sha256").update(text).digest().readUInt32BE(0) >>> 20, 0, text);
  }
});

for (const javaScriptEnabled of [true, false]) {
  test(`a city is followed ${javaScriptEnabled ? "with" : "without"} scripts`, async () => {
    const context = await browser.newContext({ javaScriptEnabled });
    const { page, faults } = await watched(context, registry.base);
    await page.goto(`${registry.base}/en/partners/${city}`);
    assert.equal(await page.locator("[data-print]").isVisible(), javaScriptEnabled);
    await page.getByLabel("Your e-mail address").fill(`r${javaScriptEnabled}@example.org`);
    await page.getByLabel("How often").selectOption("weekly");
    await page.getByRole("button", { name: "Send me the link" }).click();
    await page.getByRole("heading", { name: "Please look into your mail" }).waitFor();
    const texts = await mail(javaScriptEnabled ? 1 : 2);
    const text = texts.find((text) => text.includes(`To: r${javaScriptEnabled}@`));
    const link = text.match(/\/en\/subscriptions\/confirm\?token=[\w-]+/)[0];
    await page.goto(registry.base + link);
    await page.getByRole("button", { name: "Yes, send me mails" }).click();
    await page.getByRole("heading", { name: "You follow the registry by e-mail" }).waitFor();
    assert.deepEqual(faults, []);
    await context.close();
  });
}

test("a fourth suggestion passes by a script's work, and faults take the focus", async () => {
  const context = await browser.newContext();
  const { page, faults } = await watched(context, registry.base);
  for (const n of [1, 2, 3, 4]) {
    await page.goto(`${registry.base}/en/suggest?target=${city}&field=population`);
    await page.getByLabel("What should be different").fill(`Words no. ${n}`);
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByRole("heading", { name: "Thank you" }).waitFor();
  }
  await page.goto(`${registry.base}/en/suggest?target=${city}`);
  // As it comes from somebody whose browser checks nothing.
  await page.evaluate(() => document.querySelector("form[data-puzzle]").setAttribute("novalidate", ""));
  await page.getByLabel("Where it can be checked").fill("no address");
  await page.getByRole("button", { name: "Send" }).click();
  const alert = page.getByRole("alert");
  await alert.waitFor();
  assert.equal(await alert.evaluate((node) => node === document.activeElement), true);
  assert.equal(await page.getByLabel("Where it can be checked").inputValue(), "no address");
  // The answer 422 is told in the console as an error, and is none.
  assert.deepEqual(faults.filter((fault) => !fault.includes("422")), []);
  await context.close();
});
