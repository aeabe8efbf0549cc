"""What is asked: the requests of each operation, drawn from what a database holds."""

import json
import random
import sqlite3
import urllib.parse
from dataclasses import dataclass

from load import Request

API = "/api/v1"


@dataclass(frozen=True)
class Operation:
    name: str
    requests: list


def reads(file, variants, seed):
    """The reads, with at most so many different addresses each; the file is the SQLite one."""
    chance = random.Random(f"requests {seed}")
    rows = sqlite3.connect(f"file:{file}?mode=ro", uri=True)

    def sample(sql):
        found = [row[0] for row in rows.execute(sql)]
        return chance.sample(found, min(variants, len(found)))

    agreements = sample("SELECT public_id FROM agreements")
    # As often as they are parties: who has many ties is asked for more.
    partners = sample("SELECT DISTINCT p.public_id FROM agreement_parties a JOIN partners p ON p.id = a.partner_id "
                      "WHERE a.id % 3 = 0")
    names = sample("SELECT value FROM names")
    countries = [row[0] for row in rows.execute(
        "SELECT country FROM agreement_listing WHERE status = 'in_force' GROUP BY country HAVING count(*) >= 50 "
        "ORDER BY count(*) DESC LIMIT 20")] or ["DE"]
    rows.close()
    # Fewer: their answers are long, and together must fit into the cache.
    days = [f"{chance.randint(1960, 2024)}-{chance.randint(1, 12):02}-01" for _ in range(min(variants, 400))]
    typed = list(dict.fromkeys(name[:length].strip() for name in names for length in range(2, 8)))
    paths = {
        "agreement by id": [f"agreements/{agreement}" for agreement in agreements],
        "page by country and status": [f"agreements?country={country}&status=in_force&sort=-signed_on" for country in countries],
        "default page": ["agreements"],
        "page by partner": [f"agreements?partner={partner}" for partner in partners],
        "search as one types": [f"partners?q={urllib.parse.quote(text)}&limit=20" for text in
                                chance.sample(typed, min(variants, len(typed)))],
        "page on another day": [f"agreements?country={chance.choice(countries)}&as_of={day}" for day in days],
        "events of an agreement": [f"agreements/{agreement}/events" for agreement in agreements],
    }
    return [Operation(name, [Request(f"{API}/{path}") for path in found]) for name, found in paths.items()]


def insert(file, registry, count, seed):
    """New agreements of two parties, each with a source; none is sent twice."""
    rows = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    partners = [row[0] for row in rows.execute("SELECT public_id FROM partners ORDER BY id")]
    rows.close()
    bodies = registry.insertions(partners, count, seed)
    return Operation("insert", [Request(f"{API}/agreements", json.dumps(body)) for body in bodies])
