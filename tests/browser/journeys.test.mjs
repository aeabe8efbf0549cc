// What readers do: find a city as they type, by keyboard alone, without scripts; change the look; print; frame.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

import { open, sees, watched } from "./browser.mjs";
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

/** A page in a context of its own, which is closed behind it and must have been without faults. */
async function visit(options, address, visitor) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const { page, faults } = await watched(context, registry.base);
  await page.goto(registry.base + address);
  await visitor(page, context);
  await context.close();
  assert.deepEqual(faults, []);
}

for (const name of ["hrodna", "Гродна", "grodno"]) {
  test(`without scripts ${name} finds Grodno first`, () =>
    visit({ javaScriptEnabled: false }, "/en/", async (page) => {
      await page.getByRole("searchbox").fill(name);
      await page.keyboard.press("Enter");
      const first = page.locator("main .hits > li").first();
      assert.match(await first.textContent(), /Grodno/);
      assert.match(await first.textContent(), /Belarus/);
      if (name !== "grodno") assert.match(await first.textContent(), new RegExp(name, "i"));
      await first.getByRole("link").click();
      await page.waitForURL(/\/en\/partners\/ptn_/);
      assert.match(await page.locator("h1").textContent(), /Grodno/);
    }));
}

test("results follow typing, by keyboard, and Back restores them", () =>
  visit({}, "/en/", async (page) => {
    const field = page.getByRole("combobox");
    await field.focus();
    await field.pressSequentially("hrodna", { delay: 30 });
    const typed = Date.now();
    const options = page.getByRole("option");
    // What was found on the way may stand there until then.
    await page.locator("#told", { hasText: "hrodna" }).waitFor();
    // 300 ms where nothing else runs; here, engines are tested beside it.
    assert.ok(Date.now() - typed < 1500, `${Date.now() - typed} ms`);
    assert.match(await options.first().textContent(), /Grodno/);
    assert.match(await page.locator("#told").textContent(), /^\d+ results? for “hrodna”$/);
    assert.match(page.url(), /\/en\/\?q=hrodna$/);
    // Focus stays where one types.
    assert.equal(await page.evaluate(() => document.activeElement.id), "find");
    await page.keyboard.press("ArrowDown");
    await sees(() => options.first().getAttribute("aria-selected"), "true");
    const described = await field.getAttribute("aria-activedescendant");
    assert.equal(described, await options.first().getAttribute("id"));
    await page.keyboard.press("Escape");
    await sees(() => options.count(), 0);
    assert.equal(await field.getAttribute("aria-expanded"), "false");
    assert.equal(await field.inputValue(), "hrodna");
    await field.press("End");
    await field.press("Backspace");
    await field.pressSequentially("a");
    await options.first().waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/en\/partners\/ptn_/);
    await page.goBack();
    assert.match(page.url(), /\/en\/\?q=hrodna$/);
    assert.match(await options.first().textContent(), /Grodno/);
    assert.equal(await field.inputValue(), "hrodna");
    await field.fill("");
    await page.waitForURL(/\/en\/$/);
    await sees(() => options.count(), 0);
  }));

test("what is typed is shown as text", () =>
  visit({}, "/pl/", async (page) => {
    await page.getByRole("combobox").pressSequentially("<img src=x onerror=alert(1)>");
    await page.locator("#told", { hasText: "<img" }).waitFor({ state: "attached" });
    assert.equal(await page.locator("img[src=x]").count(), 0);
    await page.keyboard.press("Enter");
    await page.locator("main [role=status]", { hasText: "<img" }).waitFor();
  }));

test("contrast and size of text change at once, without scripts, and stay", () =>
  visit({ javaScriptEnabled: false }, `/en/${known.city}`, async (page) => {
    const look = () =>
      page.evaluate(() => {
        const { backgroundColor } = getComputedStyle(document.body);
        return [backgroundColor, getComputedStyle(document.documentElement).fontSize];
      });
    await sees(look, ["rgb(255, 255, 255)", "16px"]);
    await page.getByRole("button", { name: "High contrast" }).click();
    await sees(look, ["rgb(0, 0, 0)", "16px"]);
    await page.getByRole("button", { name: "largest" }).click();
    await sees(look, ["rgb(0, 0, 0)", "24px"]);
    await page.goto(`${registry.base}/pl/`);
    await sees(look, ["rgb(0, 0, 0)", "24px"]);
    await page.getByRole("button", { name: "Powrót do zwykłego kontrastu" }).click();
    await sees(look, ["rgb(255, 255, 255)", "24px"]);
  }));

test("the keyboard leads to the content, along the markers and to the list", () =>
  visit({}, `/en/${known.city}`, async (page) => {
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
    await page.keyboard.press("Enter");
    await sees(() => page.evaluate(() => document.activeElement.id), "main");
    const marker = page.locator(".map svg a").first();
    await marker.focus();
    const outline = await marker.locator("circle").evaluate((circle) => getComputedStyle(circle).strokeWidth);
    assert.equal(outline, "3px");
    const target = (await marker.getAttribute("href")).slice(1);
    assert.match(await page.locator(`#${target}`).getAttribute("class"), /lit/);
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.hash === `#${target}`);
  }));

test("everything that can be focused shows it", () =>
  visit({}, `/en/${known.city}`, async (page) => {
    const unseen = await page.evaluate(() => {
      const all = document.querySelectorAll("a[href], button, input, summary, textarea");
      return [...all]
        .filter((one) => one.checkVisibility())
        .filter((one) => {
          one.focus({ focusVisible: true });
          const { outlineStyle, outlineWidth } = getComputedStyle(one);
          const circle = one.querySelector("circle");
          const seen = circle ? getComputedStyle(circle).strokeWidth : outlineStyle === "none" ? "0" : outlineWidth;
          return Number.parseFloat(seen) < 2;
        })
        .map((one) => one.outerHTML.slice(0, 120));
    });
    assert.deepEqual(unseen, []);
  }));

test("markers are large enough on a narrow phone, and name all they stand for", () =>
  visit({ viewport: { width: 320, height: 640 } }, `/pl/${known.city}`, async (page) => {
    const markers = await page.locator(".map svg a").evaluateAll((all) =>
      all.map((one) => {
        const { width, height } = one.querySelector("circle").getBoundingClientRect();
        return { width, height, label: one.querySelector("title").textContent, text: one.querySelector("text").textContent };
      }),
    );
    assert.ok(markers.length > 3);
    for (const { width, height, label, text } of markers) {
      assert.ok(width >= 24 && height >= 24, `${label}: ${width} × ${height}`);
      if (!/^\d+$/.test(text)) assert.match(label, /,/);
    }
  }));

test("the countries are ordered by a link, without scripts", () =>
  visit({ javaScriptEnabled: false }, "/en/", async (page) => {
    await page.locator("summary", { hasText: "The same as a table" }).click();
    await page.getByRole("link", { name: "Country", exact: true }).click();
    await page.waitForURL(/\?sort=country#countries$/);
    assert.equal(await page.getByRole("columnheader", { name: "Country" }).getAttribute("aria-sort"), "ascending");
    const names = await page.locator(".sortable tbody th").allTextContents();
    assert.ok(names.length > 10);
    assert.deepEqual(names, [...names].sort());
  }));

test("a day of the past is shown by a plain form, and stays on the way", () =>
  visit({ javaScriptEnabled: false }, `/en/${known.city}`, async (page) => {
    await page.getByLabel("Show how things stood on").fill("2021-06-01");
    await page.getByRole("button", { name: "Show" }).click();
    await page.waitForURL(/as_of=2021-06-01/);
    assert.match(await page.locator(".banner").textContent(), /1 June 2021/);
    const grodno = page.locator(".ties > li", { hasText: "Grodno" });
    assert.match(await grodno.textContent(), /Suspended/);
    await grodno.getByRole("link").first().click();
    await page.waitForURL((url) => url.pathname !== `/en/${known.city}` && url.search === "?as_of=2021-06-01");
    await page.locator(".banner a").click();
    await page.waitForURL((url) => !url.searchParams.has("as_of"));
  }));

for (const kind of ["city", "city of another day", "agreement", "network", "membership", "activity", "source"]) {
  test(`printed, a page is all there, with its address and the day, and nothing to press: ${kind}`, () =>
    visit({}, `/en/${known[kind]}`, async (page) => {
      await page.emulateMedia({ media: "print" });
      for (const gone of [".top .find", ".look", ".as-of", ".links", ".along", ".correct", "form", "button"]) {
        assert.equal(await page.locator(gone).filter({ visible: true }).count(), 0, gone);
      }
      const there = ["h1", ".record code", ...(kind.startsWith("city") ? [".map image", ".ties > li >> nth=0", ".dates td >> nth=0"] : [])];
      for (const one of there) assert.equal(await page.locator(one).first().isVisible(), true, one);
      const day = await page.locator(".paper").textContent();
      assert.match(day, kind === "city of another day" ? /on 1 June 2021/ : /As recorded on \d+ \w+ \d{4}/);
      const look = await page.evaluate(() => {
        const { color, backgroundColor } = getComputedStyle(document.body);
        // As legal acts and papers that lie elsewhere are linked.
        const paper = '<a href="https://example.org/act" rel="nofollow noreferrer">Act</a>';
        document.querySelector("main").insertAdjacentHTML("beforeend", paper);
        const untold = [...document.querySelectorAll('[rel~="nofollow"]:not(dd > a)')].filter(
          (link) => !getComputedStyle(link, "::after").content.includes(link.getAttribute("href")),
        );
        // A picture stays whole; what stands below it may go on behind the first page, which is empty otherwise.
        const breaks = [...document.querySelectorAll("figure, figure > svg")].filter(
          (part) => (getComputedStyle(part).breakInside === "avoid") !== (part.tagName === "svg"),
        );
        return [color, backgroundColor, untold.length, breaks.length];
      });
      assert.deepEqual(look, ["rgb(0, 0, 0)", "rgb(255, 255, 255)", 0, 0]);
      const pdf = await page.pdf({ format: "A4" });
      assert.ok(pdf.length > 15_000, `${pdf.length} bytes`);
    }));
}

/** Presses Tab until this has the focus. */
async function tabTo(page, locator) {
  for (let pressed = 0; pressed < 60; pressed += 1) {
    if (await locator.evaluate((node) => node === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`${locator} can't be reached`);
}

test("a fact is corrected by the keyboard alone, without scripts", () =>
  visit({ javaScriptEnabled: false }, `/en/${known.agreement}`, async (page) => {
    await tabTo(page, page.getByRole("link", { name: "Correct: Kind of tie" }));
    await page.keyboard.press("Enter");
    await page.getByText("“Kind of tie” is now: Twinning").waitFor();
    assert.equal(await page.getByLabel("What it is about").inputValue(), "relationship");
    await tabTo(page, page.getByLabel("What should be different"));
    await page.keyboard.type("It was a friendship.");
    await tabTo(page, page.getByRole("button", { name: "Send" }));
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Thank you" }).waitFor();
  }));

test("what is seen is taken along, and opened where it is folded, by the keyboard", () =>
  visit({}, `/en/${known.city}`, async (page) => {
    const table = page.locator("table.dates");
    await page.locator("summary", { hasText: "The same as a table" }).focus();
    assert.equal(await table.isVisible(), false);
    await page.keyboard.press("Enter");
    await table.waitFor();
    const ties = page.locator(".along li", { hasText: "Its partnerships" });
    const waiting = page.waitForEvent("download");
    await ties.getByRole("link", { name: "CSV" }).focus();
    await page.keyboard.press("Enter");
    const file = await waiting;
    assert.match(file.suggestedFilename(), /^partnerships-ptn_.*\.csv$/);
    const text = readFileSync(await file.path(), "utf8");
    assert.match(text, /^counterpart_id,counterpart_name,/);
    assert.match(text, /Eindhoven/);
  }));

test("another site can frame the partners of a city, and no other page", async () => {
  const city = known.city;
  const site = createServer((_, response) => {
    response.setHeader("content-type", "text/html");
    response.end(
      `<!doctype html><title>City</title><iframe name="ours" src="${registry.base}/embed/${city}?lang=pl"></iframe>` +
        `<iframe name="whole" src="${registry.base}/pl/${city}"></iframe>`,
    );
  });
  await new Promise((resolve) => site.listen(0, "127.0.0.1", resolve));
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${site.address().port}/`);
    const ours = page.frame({ name: "ours" });
    await ours.locator("h1", { hasText: "Partnerzy" }).waitFor();
    assert.ok((await ours.locator(".ties > li").count()) > 20);
    const size = await ours.locator("h1").evaluate((heading) => getComputedStyle(heading).fontSize);
    assert.equal(size, "20.8px");
    assert.equal(await page.frame({ name: "whole" }).locator("h1", { hasText: "ystok" }).count(), 0);
    assert.deepEqual(await context.cookies(), []);
  } finally {
    await context.close();
    site.close();
  }
});
