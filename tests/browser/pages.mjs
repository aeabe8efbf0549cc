// The pages that are looked at: one of each kind, and those that are hard to show.

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

/** Their whole addresses in a language, and those of what other sites frame. */
export async function addresses(registry, lang) {
  const all = await pages(registry);
  const whole = Object.entries(all).map(([kind, address]) => [kind, `/${lang}/${address}`]);
  return {
    ...Object.fromEntries(whole),
    "framed city": `/embed/${all.city}?lang=${lang}`,
    "framed error": `/embed/nothing?lang=${lang}`,
  };
}

export const languages = ["en", "pl"];
