// Every kind of page in both languages, in every way a reader may look at it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, describe, test } from "node:test";

import { open, watched } from "./browser.mjs";
import { addresses, alike, languages } from "./pages.mjs";
import { start } from "./registry.mjs";

const axe = readFileSync(new URL("./node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

/** Rules: all, those whose answer depends on colours, and those that depend on the size of things as well. */
const colours = { type: "rule", values: ["color-contrast", "link-in-text-block"] };
const sizes = { type: "rule", values: [...colours.values, "target-size", "scrollable-region-focusable"] };
const all = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const wide = { width: 1280, height: 900 };
const narrow = { width: 320, height: 640 };

/**
 * How a page is looked at, one after the other: what the browser emulates, what the reader has chosen, and the
 * rules that this look could break. Colours are the same in all languages, and looked at in one. Pages that are
 * alike another one are looked at as they are, wide and narrow.
 */
const looks = {
  default: { size: wide, rules: all },
  dark: { size: wide, media: { colorScheme: "dark" }, colours },
  "more contrast": { size: wide, media: { contrast: "more" }, colours },
  "forced colours": { size: wide, media: { forcedColors: "active" }, colours },
  "320 px": { size: narrow },
  "largest text, high contrast": { size: wide, chosen: "high.largest" },
  "largest text, high contrast, 320 px": { size: narrow, chosen: "high.largest", colours: sizes },
};

const registry = await start();
const browser = await open();
after(async () => {
  await browser.close();
  await registry.stop();
});

/** By how much the page is wider than its window. */
async function sideways(page) {
  const wider = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth - clientWidth;
  });
  return wider > 0 ? [`scrolls sideways by ${wider} px`] : [];
}

/** The rules that the page breaks. */
async function broken(page, runOnly) {
  const violations = await page.evaluate(async (runOnly) => {
    const found = await window.axe.run({ runOnly, rules: { "target-size": { enabled: true } }, resultTypes: ["violations"] });
    return found.violations.map(({ id, help, nodes }) => ({ id, help, where: nodes.slice(0, 3).map((node) => node.html) }));
  }, runOnly);
  return violations.map(({ id, help, where }) => [`${id}: ${help}`, ...where.map((html) => html.slice(0, 200))].join("\n    "));
}

/** A page with scripts and axe, and one without scripts. */
async function pair() {
  const scripted = await browser.newContext({ viewport: wide, reducedMotion: "reduce" });
  await scripted.addInitScript(axe);
  const plain = await browser.newContext({ viewport: wide, javaScriptEnabled: false });
  return { scripted: await watched(scripted, registry.base), plain: await watched(plain, registry.base) };
}

/** What is wrong with the page at an address in any look. */
async function wrong({ scripted, plain }, address, lang, briefly) {
  const { page, faults } = scripted;
  await page.context().clearCookies();
  await page.goto(registry.base + address, { waitUntil: "load" });
  let before;
  for (const [look, { size, media, chosen, rules, colours }] of Object.entries(looks)) {
    if (briefly && (media || chosen)) continue;
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme: "light", contrast: "no-preference", forcedColors: "none", ...media });
    if (chosen !== before) {
      await page.context().addCookies([{ name: "look", value: chosen, url: registry.base }]);
      await page.reload({ waitUntil: "load" });
      before = chosen;
    }
    const told = rules ?? (lang === languages[0] ? colours : undefined);
    const found = [...(await sideways(page)), ...(told ? await broken(page, told) : [])];
    faults.push(...found.map((fault) => `${look}: ${fault}`));
  }
  if (briefly) return faults.splice(0);
  // Without scripts the markup is the same: what could be another is what the console says, and what is hidden.
  await plain.page.goto(registry.base + address, { waitUntil: "load" });
  plain.faults.push(...(await sideways(plain.page)));
  return [...faults.splice(0), ...plain.faults.splice(0).map((fault) => `without scripts: ${fault}`)];
}

const free = await Promise.all([pair(), pair()]);
const known = await Promise.all(languages.map((lang) => addresses(registry, lang)));

for (const [at, lang] of languages.entries()) {
  describe(`pages can be read, in ${lang}`, { concurrency: free.length }, () => {
    for (const [kind, address] of Object.entries(known[at])) {
      test(kind, async () => {
        const pages = free.pop();
        const faults = await wrong(pages, address, lang, alike(kind)).finally(() => free.push(pages));
        assert.deepEqual(faults, [], faults.join("\n"));
      });
    }
  });
}
