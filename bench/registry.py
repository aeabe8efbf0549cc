"""A registry made up from a seed: partners, links between them, and agreements with a past.

Sizes and shares follow an extract of Wikidata's twinned bodies (13,943 partners, 21,227 links): the
countries, half of the partners with one link and some with a hundred, a third of them with an
identifier. Dates, further names, agreements of several parties and what became of them are as in registers of cities.
The same numbers always make the same registry, and nothing in it is a real town.
"""

import csv
import itertools
import random
import unicodedata
from dataclasses import dataclass

VERSION = 1

# Partners of each country in the extract; those below are one each of the small ones.
COUNTRIES = {
    "DE": 2154, "FR": 1758, "IT": 1628, "US": 589, "GB": 573, "PL": 518, "ES": 461, "JP": 339, "DK": 315, "HU": 314,
    "SE": 299, "AT": 257, "CH": 244, "CZ": 227, "RU": 209, "RO": 200, "BE": 186, "CN": 175, "NL": 169, "PT": 165,
    "FI": 139, "TR": 122, "NO": 119, "GR": 118, "UA": 116, "SK": 110, "CA": 102, "BR": 94, "MX": 91, "IL": 83, "HR": 77,
    "AR": 71, "RS": 71, "BG": 69, "EE": 68, "AU": 62, "IE": 52, "KR": 50, "MA": 50, "LT": 46, "SI": 41, "BY": 40,
    "MD": 38, "CU": 37, "LV": 37, "BF": 36, "IN": 36, "ML": 34, "SN": 30, "TN": 25, "IS": 20, "GE": 20, "AM": 18,
    "PE": 16, "CL": 16, "CO": 15, "PH": 15, "VN": 12, "TH": 10, "ZA": 10, "EG": 8, "KE": 6, "NZ": 8, "UY": 8,
}

# First, middle and last parts of names of places, by the languages that countries share.
NAMES = {
    "german": ("Al Bam Berg Bran Diet Eber Eich Fal Fried Gers Grün Hal Heil Her Hoch Kal Kirch Kron Lau Lin Mühl "
               "Neu Ober Pfaf Rei Ros Sal Schön Stein Stol Tan Ulm Wald Wei Wies Wolf Zell".split(),
               "en er el in ers els um".split(),
               "bach berg brück burg dorf feld furt hagen hausen heim hofen ingen kirchen rode stadt stedt thal weiler".split()),
    "romance": ("Al Bel Beau Cas Chau Cor Fon Gar Lan Lor Mar Mon Mont Nor Per Pon Ri Ro Sal Sar Ser Tor Val Ver Vil "
                "Vi Cam Ce Fer Gra Man Mel Pal Pra Tre Ur".split(),
                "a e o ta re li ne ni ve go ti ro".split(),
                "bourg court gnac lles nay sson ville zzo nello rano gliano scia tello mare dosa guera ñola vedra mira".split()),
    "slavic": ("Bel Bia Bor Brze Buk Cher Dob Gor Grod Kal Kras Krem Lip Lub Mal Mos Nov Ol Pol Pus Rad Sok Star Stry "
               "Tar Tro Vel Vol Yar Zab Zam Żar".split(),
               "o i a e yn ov in".split(),
               "gorod grad ice iec ka kovo leba lany mir nica nik pol sk stok szcz vo wice wka zno".split()),
    "english": ("Ash Ays Brad Bur Car Chel Clif Darl Ea Fair Glen Hart Hol Kings Lan Mill Nor Oak Pres Red Spring Stan "
                "Thorn Wal West Win Wood York".split(),
                "ing er le en s".split(),
                "borough bridge bury by chester combe field ford ham haven ley mouth port shire stead ton ville wick worth".split()),
    "other": ("A Ba Cha Da E Fu Ha I Ka Ko Ku Ma Mi Na Ni O Sa Shi Ta To Tsu U Ya Yo".split(),
              "ka ki mo ra ri ro sa shi to va na ne".split(),
              "bara da gawa hama jima kawa ko la le ma mori mura nen no saki ssa ta tsu vik yama zawa".split()),
}
LANGUAGES = {
    "german": "DE AT CH NL DK SE NO BE IS",
    "romance": "FR IT ES PT RO BR MX AR CU PE CL CO UY MD SN TN ML BF MA",
    "slavic": "PL CZ RU UA SK HR RS BG SI BY LT LV",
    "english": "US GB CA AU IE NZ ZA",
}
LANGUAGE_OF = {country: name for name, countries in LANGUAGES.items() for country in countries.split()}

SHARE_WITH_NAMES = 0.1  # partners with names in other languages: the large ones
SHARE_WITH_PAST = 0.07  # agreements of several parties, or that have been through something
MOST_PARTNERS = 200_000  # there are no more bodies in the world that enter into such ties

HEADER = "a_name a_country a_wikidata a_lat a_lon b_name b_country b_wikidata b_lat b_lon since until source_url".split()
FIELDS = "culture_arts education youth sport tourism economy_trade heritage_remembrance environment_climate".split()
REASONS = "inactivity budget partner_request territorial_reform armed_aggression".split()


@dataclass(frozen=True)
class Place:
    number: int
    name: str
    country: str
    latitude: float
    longitude: float

    @property
    def wikidata(self):
        """Large towns and a third of the others have one; it is beyond those that are given out."""
        return f"Q{900_000_000 + self.number}" if self.number % 3 == 0 or self.large else ""

    @property
    def large(self):
        return self.number % int(1 / SHARE_WITH_NAMES) == 0


class Registry:
    """So many agreements, made up from the seed."""

    def __init__(self, agreements, seed=1, partners=None):
        self.agreements = agreements
        self.partners = partners or min(int(agreements * 0.65), MOST_PARTNERS)
        self.seed = seed
        self.places = list(self._places(random.Random(f"places {seed}")))
        self.large = [place for place in self.places if place.large]

    def _places(self, chance):
        taken = set()
        countries = chance.choices(list(COUNTRIES), weights=COUNTRIES.values(), k=self.partners)
        for number, country in enumerate(countries):
            name = next(name for name in self._names(chance, country) if (fold(name), country) not in taken)
            taken.add((fold(name), country))
            yield Place(number, name, country, round(chance.uniform(-50, 68), 4), round(chance.uniform(-170, 170), 4))

    @staticmethod
    def _names(chance, country):
        """Names until one is free; towns that were merged have two."""
        first, middle, last = NAMES[LANGUAGE_OF.get(country, "other")]
        for attempt in itertools.count():
            name = chance.choice(first) + chance.choice(middle) + chance.choice(last)
            if attempt > 3 or chance.random() < 0.05:
                name += f"-{chance.choice(first)}{chance.choice(last)}"
            yield name if attempt < 8 else f"{name}-{chance.choice(first)}{chance.choice(middle)}{chance.choice(last)}"

    def partner_bodies(self):
        """The large towns, for POST /partners: what a file of links can't say."""
        chance = random.Random(f"names {self.seed}")
        for place in self.large:
            others = {"fr": place.name + "e", "de": place.name + "en", "pl": place.name + "owo", "es": place.name + "a"}
            spoken = chance.sample(sorted(others), chance.randint(1, 3))
            yield {
                "kind": "municipality", "name": place.name, "country": place.country,
                "latitude": place.latitude, "longitude": place.longitude,
                "population": int(chance.paretovariate(1.1) * 10_000), "population_year": 2021,
                "names": [{"value": others[language], "lang": language, "types": ["exonym"]} for language in spoken],
                "identifiers": [{"scheme": "wikidata", "value": place.wikidata}],
            }

    def agreement_bodies(self, ids):
        """Agreements of several parties and with a past, for POST /agreements; ids are the large towns'."""
        chance = random.Random(f"pasts {self.seed}")
        taken = set()
        for number in range(int(self.agreements * SHARE_WITH_PAST)):
            parties = None
            while parties is None or frozenset(parties) in taken:
                parties = chance.sample(ids, min(len(ids), chance.choices([2, 3, 4, 5, 8], [30, 45, 15, 7, 3])[0]))
            taken.add(frozenset(parties))
            yield {
                "instrument": "partnership_agreement",
                "fields": sorted(chance.sample(FIELDS, chance.randint(0, 4))),
                "parties": [{"partner_id": party} for party in parties],
                "events": events(chance),
                "sources": [{"kind": "resolution", "title": f"Resolution {number}", "url": f"https://example.org/acts/{number}"}],
            }

    def links(self):
        """Rows of a file of links under HEADER: agreements of two parties."""
        chance = random.Random(f"links {self.seed}")
        count = self.agreements - int(self.agreements * SHARE_WITH_PAST)
        # Everybody once, then the popular ones: half of the partners have one link, a few a hundred.
        weights = list(itertools.accumulate(1 / (rank + 20) ** 0.75 for rank in range(self.partners)))
        ranks = list(range(self.partners))
        chance.shuffle(ranks)
        once = [ranks[number] for number in range(min(count, self.partners))]
        popular = iter(lambda: chance.choices(ranks, cum_weights=weights, k=10_000), None)
        popular = itertools.chain.from_iterable(popular)
        taken = set()
        for number in range(count):
            own = once[number] if number < len(once) and number % 10 < 4 else next(popular)
            other = next(popular)
            while other == own or (min(own, other), max(own, other)) in taken:
                own, other = next(popular), chance.randrange(self.partners)
            taken.add((min(own, other), max(own, other)))
            since, until = dates(chance)
            yield *end(self.places[own]), *end(self.places[other]), since, until, f"https://example.org/towns/{own // 3}"

    def write_links(self, path):
        with open(path, "w", newline="", encoding="utf-8") as file:
            table = csv.writer(file)
            table.writerow(HEADER)
            table.writerows(self.links())

    def insertions(self, ids, count, seed):
        """Distinct agreements of two parties with one source in the body, for POST /agreements."""
        chance = random.Random(f"insertions {self.seed} {seed}")
        taken = set()
        while len(taken) < count:
            pair = (chance.choice(ids), chance.choice(ids))
            if pair[0] == pair[1] or frozenset(pair) in taken:
                continue
            taken.add(frozenset(pair))
            yield {
                "instrument": "memorandum_of_understanding", "signed_on": day(chance),
                "parties": [{"partner_id": party} for party in pair],
                "sources": [{"kind": "resolution", "title": f"Resolution {seed}/{len(taken)}"}],
            }


def fold(name):
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").lower()


def end(place):
    return place.name, place.country, place.wikidata, place.latitude, place.longitude


def day(chance):
    return f"{chance.randint(1950, 2024)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"


def dates(chance):
    """When a link began and ended: often unknown, often no more than a year."""
    kind = chance.random()
    since = "" if kind < 0.4 else day(chance)[: 4 if kind < 0.73 else 7 if kind < 0.76 else 10]
    return since, "2025" if since and chance.random() < 0.04 else ""


def events(chance):
    """A past: in force, some renewed or suspended, some of these resumed, some ended."""
    past = [{"action": "register", "to_status": "in_force", "effective_on": day(chance)[: chance.choice([4, 10, 10])]}]
    if chance.random() < 0.2:
        past.append({"action": "renew", "effective_on": "2025-02", "duration": "indefinite"})
    if chance.random() < 0.3:
        past.append({"action": "suspend", "effective_on": "2025-03", "reason_code": chance.choice(REASONS), "deciding_body": "council"})
        if chance.random() < 0.3:
            past.append({"action": "resume", "effective_on": "2025-11-05"})
    if chance.random() < 0.15:
        past.append({"action": "terminate", "effective_on": "2026-02", "mode": "denunciation", "reason_code": chance.choice(REASONS)})
    return past
