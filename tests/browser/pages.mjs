// The pages that are looked at: one of each kind, and those that are hard to show.

/** Records that are hard to show: with nothing but what must be there, of many parties, from right to left. */
async function hardRecords(registry) {
  const create = async (collection, body) => (await registry.post(`/api/v1/${collection}`, body)).id;
  const city = (country, name, more) =>
    create("partners", { kind: "municipality", country, name, ...more });
  const named = (name, lang) => ({ names: [{ value: name, lang, types: ["endonym"] }] });
  const parties = [
    await city("IL", "נהריה החדשה", { ...named("נהריה החדשה", "he"), latitude: 33, longitude: 35.1 }),
    await city("EG", "الإسكندرية القديمة", { ...named("الإسكندرية القديمة", "ar"), latitude: 31.2, longitude: 29.9 }),
    await city("IR", "شهر بدون مختصات (۱)", named("شهر بدون مختصات (۱)", "fa")),
  ];
  for (let n = 1; n <= 9; n += 1) parties.push(await city("GB", `Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch ${n}`));
  const agreement = (ids) =>
    create("agreements", { instrument: "unspecified", parties: ids.map((id) => ({ partner_id: id })) });
  return {
    "agreement of twelve": `agreements/${await agreement(parties)}`,
    "agreement with nothing": `agreements/${await agreement(parties.slice(1, 3))}`,
    "partner from right to left": `partners/${parties[1]}`,
    "partner without a place": `partners/${parties[2]}`,
    "partner with nothing": `partners/${await create("partners", { kind: "ngo", country: "XK", name: "Nothing" })}`,
    "network with nothing": `networks/${await create("networks", { kind: "city_network", name: "רשת" })}`,
    "activity with nothing": `activities/${await create("activities", { kind: "other", title: { ar: "زيارة" } })}`,
    "source with nothing": `sources/${await create("sources", { kind: "press", title: "خبر", language: "ar" })}`,
  };
}

/** The addresses behind the language, by what they are called. */
export async function pages(registry) {
  const first = async (path) => (await registry.get(`/api/v1/${path}`)).data[0].id;
  const city = await first("partners?q=bialystok");
  const other = await first("partners?q=hrodna");
  return {
    home: "",
    found: "search?q=grodno",
    "found nothing": "search?q=%3Cimg%20onerror%3E",
    "search without words": "search",
    city: `partners/${city}`,
    "city, nearest first": `partners/${city}?sort=near`,
    "city of another day": `partners/${city}?as_of=2021-06-01`,
    "city, ended ties": `partners/${city}?show=ended`,
    "city, to be printed": `partners/${city}?show=all`,
    "city of no day": `partners/${city}?as_of=nonsense`,
    "countries by name": "?sort=country",
    "agreement of another day": `agreements/${await first(`agreements?partner=${other}&status=terminated`)}?as_of=1990-01-01`,
    "all partners": "partners",
    "ended agreements": "agreements?status=terminated",
    "agreements of another day": "agreements?as_of=2021-06-01",
    "all networks": "networks",
    "all activities": "activities",
    "other city": `partners/${other}`,
    agreement: `agreements/${await first(`agreements?partner=${other}&status=terminated`)}`,
    network: `networks/${await first("networks?q=eurocities")}`,
    membership: `memberships/${await first("memberships")}`,
    activity: `activities/${await first("activities")}`,
    source: `sources/${await first("sources")}`,
    "accessibility statement": "about/accessibility",
    imprint: "about/imprint",
    privacy: "about/privacy",
    "follow by e-mail": `subscriptions?topic=partner:${city}`,
    "confirm by e-mail": "subscriptions/confirm?token=none",
    "leave by e-mail": "subscriptions/unsubscribe?token=none",
    suggest: `suggest?target=${city}&field=population`,
    "no page": "nowhere",
  };
}

const hard = new WeakMap();

/** Their whole addresses in a language, and those of what other sites frame; in the first also what is hard to show. */
export async function addresses(registry, lang) {
  const all = await pages(registry);
  if (!hard.has(registry)) hard.set(registry, hardRecords(registry));
  const shown = { ...all, ...(lang === languages[0] ? await hard.get(registry) : {}) };
  const whole = Object.entries(shown).map(([kind, address]) => [kind, `/${lang}/${address}`]);
  return {
    ...Object.fromEntries(whole),
    "framed city": `/embed/${all.city}?lang=${lang}`,
    "framed error": `/embed/nothing?lang=${lang}`,
  };
}

export const languages = ["en", "pl"];

/** Pages that are made of the same parts as one of the others, of another record or with other parameters. */
export const alike = (kind) =>
  /^(city, |city of|other city|search without|found nothing|imprint|privacy|leave|framed error|partner |.* with nothing|.* of twelve)/.test(
    kind,
  );
