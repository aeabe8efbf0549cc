// Debian's Chromium, and what no page may do in it.

import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";

import { chromium } from "playwright-core";

/** A browser without anything that asks the network by itself. */
export function open() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** A page that notes requests to elsewhere and everything its console says. */
export async function watched(context, base) {
  const page = await context.newPage();
  const faults = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol !== "data:" && url.origin !== base) faults.push(`asks ${url}`);
  });
  page.on("requestfailed", (request) => {
    // What a page still loads when it is left is given up.
    const fault = request.failure()?.errorText;
    if (fault !== "net::ERR_ABORTED") faults.push(`${request.url()}: ${fault}`);
  });
  page.on("console", (message) => {
    // The status of an error page is in the console, too.
    const isStatus = message.text().startsWith("Failed to load resource") && message.location().url === page.url();
    if (!isStatus) faults.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`script: ${error}`));
  return { page, faults };
}

/** Looks until it sees what is expected: a click ends before the page that it leads to is there. */
export async function sees(look, expected) {
  const end = Date.now() + 10_000;
  for (;;) {
    // A page that is being left can't be looked at.
    const seen = await look().catch((error) => error.message);
    if (isDeepStrictEqual(seen, expected)) return;
    if (Date.now() > end) assert.deepEqual(seen, expected);
    await setTimeout(50);
  }
}
