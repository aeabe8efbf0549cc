#!/usr/bin/env python3
"""What each anonymous GET costs: CPU time of the server, in milliseconds a request.

    bench/reads.py --server target/release/twincity --links links.csv --mapping examples/mappings/wikidata.toml

imports the links into a new SQLite file (or reads the one of --database), serves it, asks every address of
the list below, each filter and sort key among them, and prints the dearest first. It exits with 1 when one
costs more than --limit (60 ms). CPU time is read from /proc/PID/stat, so it runs on Linux; no other process
counts, but a busy machine makes caches cold: repeat what surprises you. Not a test: times differ from
machine to machine, plans don't (tests/api/plans.rs).
"""

import argparse
import json
import os
import sys
import tempfile
import time

from prepare import import_links
from server import data, get, twincity


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--server", default="target/release/twincity", help="the program to measure")
    parser.add_argument("--links", help="a CSV of links to import into a new database")
    parser.add_argument("--mapping", help="the mapping of that file")
    parser.add_argument("--database", help="a SQLite file that is there already, instead of --links")
    parser.add_argument("--limit", type=float, default=60.0, help="most milliseconds of CPU (60)")
    parser.add_argument("--seconds", type=float, default=0.4, help="least CPU time to measure an address for")
    parser.add_argument("--only", default="", help="only addresses that hold this text")
    return parser.parse_args()


def addresses(base):
    """Every list with each of its filters and sort keys, and records with all that can be embedded."""
    partner = hub(base)
    agreement = data(base, "/api/v1/agreements?limit=1")[0]["id"]
    partners = [
        "", "count=true", "has_agreement=true", "has_agreement=false", "has_agreement=false&count=true",
        "country=DE", "country=DE,FR,PL&count=true", "kind=municipality&count=true", "kind=school",
        "subdivision=PL-20", "identifier=wikidata:Q64", "network=net_8x3k0q2m7t",
        "bbox=-180,-90,180,90&count=true", "near=52.5,13.4,100", "near=52.5,13.4,20000&count=true",
        "seeking_field=youth", "updated_since=2020-01-01&count=true", "record_state=published,draft",
        "q=a&count=true", "q=berlin", "q=e&sort=-population", "include=sources,citations&limit=100",
    ]
    partners += [f"sort={sign}{key}" for key in ("name", "population", "country", "created_at", "updated_at") for sign in ("", "-")]
    agreements = [
        "", "count=true", "limit=100&include=events,sources,citations", f"partner={partner}&count=true",
        "country=DE&count=true", "country=DE,FR,PL&status=in_force&sort=-signed_on", "countries=DE,FR&count=true",
        "institution_kind=municipality&count=true", "institution_kind=university", "relationship=twinning&count=true",
        "relationship=friendship", "instrument=letter_of_intent", "status=in_force&count=true", "status=suspended",
        "status_basis=presumed", "activity_level=active", "field=youth", "network=net_8x3k0q2m7t",
        "signed_from=1990&signed_to=1999&count=true", "valid_until_to=2027", "as_of=2000-01-01&count=true",
        "as_of=2000-01-01&match=certain&status=in_force&sort=status", "as_of=2000-01-01&sort=-status&count=true",
        "institutional=true&count=true", "domestic=true", "attention=expiring&count=true",
        "attention=unconfirmed&count=true", "quality_flag=year_only_date", "updated_since=2020-01-01&count=true",
        "q=a&count=true", "q=e&sort=title", "q=1992", "q=berlin&country=DE",
    ]
    agreements += [f"sort={sign}{key}" for key in ("signed_on", "title", "status", "created_at", "updated_at") for sign in ("", "-")]
    paths = [f"partners?{query}" for query in partners]
    paths += [f"agreements?{query}" for query in agreements]
    paths += [f"letters-of-intent?{query}" for query in ("", "count=true", "country=US")]
    paths += [
        f"partners/{partner}", f"partners/{partner}/partnerships?limit=100&count=true",
        f"partners/{partner}/partnerships?as_of=2000-01-01&sort=-since", f"partners/{partner}/relations",
        f"partners/{partner}/history", f"agreements/{agreement}?include=events,sources,citations",
        f"agreements/{agreement}/events", f"agreements/{agreement}/history", f"agreements/{agreement}/citations",
        "stats", "stats?as_of=2000-01-01", "stats?country=DE", "stats?country=DE,FR,PL,IT,GB&as_of=2010-01-01",
        "search?q=a&count=true", "search?q=berlin", "search?q=e&entity=agreement", "search?q=_", "search?q=new%20york",
        "changes", "changes?after=20000&entity=network", "changes?entity=network,activity&count=true", "changes?count=true",
        "networks", "memberships?count=true", "activities?count=true", "sources?count=true", "sources?q=wikidata",
        "sources?sort=-updated_at", "documents?count=true", "vocabularies", "vocabularies?lang=pl",
    ]
    return [f"/api/v1/{path}" for path in paths]


def hub(base):
    """A partner with many agreements: the one most of a page of them have in common."""
    seen = {}
    for country in ("US", "GB", "DE", "CN", "RU"):
        for agreement in data(base, f"/api/v1/agreements?country={country}&limit=100"):
            for party in agreement["parties"]:
                key = party["partner"]["id"]
                seen[key] = seen.get(key, 0) + 1
    return max(seen, key=seen.get)


def measure(server, path, seconds):
    status, body = get(server.base, path)
    began, start, requests = server.cpu(), time.monotonic(), 0
    while True:
        get(server.base, path)
        requests += 1
        used = server.cpu() - began
        # Ticks are 10 ms: enough of them, or enough requests of what is cheap.
        if used >= seconds or requests >= 200 or time.monotonic() - start > 20:
            return status, len(body), 1000 * used / requests


def main():
    given = arguments()
    # Each address is asked again and again: with a cache all would cost the same.
    caches = {"TWINCITY_RESPONSE_CACHE_MB": "0", "TWINCITY_FRAGMENT_CACHE_MB": "0"}
    with tempfile.TemporaryDirectory() as folder:
        database = given.database or os.path.join(folder, "registry.db")
        url = f"sqlite:{database}"
        if given.links:
            import_links(given.server, url, given.links, given.mapping)
        with twincity(given.server, url, environment=caches, options=("--log", "warn")) as server:
            get(server.base, "/api/v1/search?q=berlin")
            counts = json.loads(get(server.base, "/api/v1/stats")[1])["totals"]
            print(", ".join(f"{count} {name}" for name, count in counts.items() if count))
            found = []
            for path in addresses(server.base):
                if given.only in path:
                    status, size, cost = measure(server, path, given.seconds)
                    found.append((cost, status, size, path))
                    print(f"{cost:8.2f} ms  {path}", file=sys.stderr, flush=True)
    for cost, status, size, path in sorted(found, reverse=True):
        print(f"{cost:8.2f} ms  {status}  {size:8d} B  {path}")
    dear = [path for cost, _, _, path in found if cost > given.limit]
    print(f"{len(dear)} of {len(found)} cost more than {given.limit:g} ms")
    sys.exit(bool(dear))


if __name__ == "__main__":
    main()
