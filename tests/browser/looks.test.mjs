// Every kind of page in both languages, in every way a reader may look at it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { open, watched } from "./browser.mjs";
import { addresses, languages } from "./pages.mjs";
import { start } from "./registry.mjs";

const axe = readFileSync(new URL("./node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

const rules = {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  rules: { "target-size": { enabled: true } },
  resultTypes: ["violations"],
};

const desktop = { viewport: { width: 1280, height: 900 } };

/** How a page is looked at: options of the browser, and what the reader has chosen. */
const modes = {
  default: desktop,
  "high contrast": { ...desktop, look: "high.normal" },
  "largest text": { ...desktop, look: "normal.largest" },
  "320 px": { viewport: { width: 320, height: 640 } },
  "320 px, largest text": { viewport: { width: 320, height: 640 }, look: "normal.largest" },
  dark: { ...desktop, colorScheme: "dark" },
  "more contrast": { ...desktop, contrast: "more" },
  "forced colours": { ...desktop, forcedColors: "active" },
  "without scripts": { ...desktop, javaScriptEnabled: false },
};

let registry;
let browser;
before(async () => {
  registry = await start();
  browser = await open();
});
after(async () => {
  await browser?.close();
  await registry?.stop();
});

for (const [mode, { look, ...options }] of Object.entries(modes)) {
  test(`pages can be read: ${mode}`, async () => {
    const context = await browser.newContext({ ...options, reducedMotion: "reduce" });
    if (look) await context.addCookies([{ name: "look", value: look, url: registry.base }]);
    const all = [];
    for (const lang of languages) {
      for (const [kind, address] of Object.entries(await addresses(registry, lang))) {
        const { page, faults } = await watched(context, registry.base);
        await page.goto(`${registry.base}${address}`, { waitUntil: "load" });
        // Without scripts nothing but the markup is another: its rules were looked at in the first mode.
        if (options.javaScriptEnabled !== false) {
          await page.evaluate(axe);
          const { violations } = await page.evaluate((rules) => window.axe.run(rules), rules);
          for (const { id, help, nodes } of violations) {
            faults.push(`${id}: ${help}\n    ${nodes.slice(0, 3).map((node) => node.html.slice(0, 200)).join("\n    ")}`);
          }
        }
        const sideways = await page.evaluate(() => {
          const { scrollWidth, clientWidth } = document.documentElement;
          return scrollWidth - clientWidth;
        });
        if (sideways > 0) faults.push(`scrolls sideways by ${sideways} px`);
        all.push(...faults.map((fault) => `${lang}, ${kind}: ${fault}`));
        await page.close();
      }
    }
    await context.close();
    assert.deepEqual(all, [], all.join("\n"));
  });
}
