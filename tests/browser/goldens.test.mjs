// What screen readers are told of the main pages: headings, lists, links, names of controls. `UPDATE_GOLDENS=1` writes
// them anew, for a look at the difference.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { open } from "./browser.mjs";
import { pages } from "./pages.mjs";
import { start } from "./registry.mjs";

let registry;
let browser;
let known;
before(async () => {
  registry = await start();
  browser = await open();
  known = await pages(registry);
});
after(async () => {
  await browser?.close();
  await registry?.stop();
});

/** Without what is another on each day and in each registry. */
const steady = (text) =>
  text
    .replaceAll(registry.base, "http://registry")
    .replaceAll(encodeURIComponent(registry.base).replaceAll("%2F", "/"), "http%3A//registry")
    .replaceAll(/\b(ptn|agr|net|mbr|act|src)_[0-9a-z]{10}\b/g, "$1_id")
    .replaceAll(/_[\w-]{12}\.(svg|css|js)/g, "_hash.$1")
    .replaceAll(/time: .* UTC$/gm, "time: …");

for (const [name, lang, kind] of [
  ["home", "en", "home"],
  ["search", "en", "found"],
  ["city", "en", "city"],
  ["agreement", "en", "agreement"],
  ["suggest", "pl", "suggest"],
]) {
  test(`a screen reader is told of a page what it was: ${name}`, async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${registry.base}/${lang}/${known[kind]}`);
    // News and anniversaries follow the calendar.
    await page.evaluate(() => {
      for (const id of ["newest", "anniversaries"]) document.getElementById(id)?.closest("section").remove();
    });
    const told = `${steady(await page.locator("body").ariaSnapshot())}\n`;
    await context.close();
    const golden = new URL(`./goldens/${name}.yml`, import.meta.url);
    if (process.env.UPDATE_GOLDENS) writeFileSync(golden, told);
    assert.equal(told, readFileSync(golden, "utf8"));
  });
}
