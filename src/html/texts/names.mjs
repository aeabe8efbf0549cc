// Makes names.tsv: countries, languages and scripts in the languages of the pages, from the CLDR that Node.js
// comes with (licence: src/core/country/cldr.LICENSE).
//
//   node src/html/texts/names.mjs
import { writeFileSync } from "node:fs";

const PAGES = ["en", "pl"];
const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const two = [...LETTERS].flatMap((a) => [...LETTERS].map((b) => a + b));
const three = two.flatMap((ab) => [...LETTERS].map((c) => ab + c));

const scripts = ["Arab", "Armn", "Beng", "Cyrl", "Deva", "Ethi", "Geor", "Grek", "Gujr", "Guru", "Hans", "Hant", "Hebr",
  "Jpan", "Khmr", "Knda", "Kore", "Laoo", "Latn", "Mlym", "Mong", "Mymr", "Orya", "Sinh", "Taml", "Telu", "Thai", "Tibt"];

const rows = (type, codes) => {
  const names = PAGES.map((page) => new Intl.DisplayNames([page], { type, fallback: "none" }));
  return codes.map((code) => [code, ...names.map((name) => {
    try { return name.of(code); } catch { return undefined; }
  })]).filter((row) => row.every(Boolean));
};
// Codes that are no countries but have names: the European Union, the world's oceans and the like.
const NONE = new Set(["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"]);
const states = two.map((code) => code.toUpperCase()).filter((code) => !NONE.has(code));
const unique = (all) => {
  // A code that CLDR reads as another one, such as BU as MM, has that one's name.
  const canonical = ([code]) => Intl.getCanonicalLocales(`und-${code}`)[0] === `und-${code}`;
  return all.filter(canonical);
};
const all = [
  ...unique(rows("region", states)),
  ...rows("script", scripts),
  ...rows("language", [...two, ...three]).filter(([code]) => Intl.getCanonicalLocales(code)[0] === code),
];
writeFileSync(new URL("names.tsv", import.meta.url), all.map((row) => row.join("\t") + "\n").join(""));
