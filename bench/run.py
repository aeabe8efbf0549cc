#!/usr/bin/env python3
"""twincity against the framework it is built on: what the same bytes cost, in one run.

    bench/run.py                                      20,000 agreements, both engines, about a quarter of an hour
    bench/run.py --quick                              does it work? about a minute
    bench/run.py --agreements 20000,1000000 --links links.csv

builds twincity (profile dist) and a server that answers with bytes from memory (bench/floor), makes a
registry from a seed, and asks both with wrk over 32 connections: reads with the response cache, with
fragments alone and with no cache, inserts, imports, start, memory. Prints tables and writes OUT.md, OUT.csv
and OUT.json. Exits with 1 when an answer failed. How to read it: docs/performance.md.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile

import load
import operations
import prepare
import server
from postgres import Postgres
from registry import Registry
from report import Report

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
RESPONSES, FRAGMENTS = "TWINCITY_RESPONSE_CACHE_MB", "TWINCITY_FRAGMENT_CACHE_MB"
# What is kept in memory: everything; rendered records but no answers; nothing.
STATES = {"hot": {}, "fragments": {RESPONSES: "0"}, "none": {RESPONSES: "0", FRAGMENTS: "0"}}
# More than any machine inserts in a second: a body is sent once.
MOST_INSERTS = 12_000


def arguments():
    """The options; --quick wins over those it sets."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--agreements", default="20000", help="sizes, comma between (20000)")
    parser.add_argument("--partners", type=int, help="partners (0.65 of the agreements, 200000 at most)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engines", default="sqlite,postgres")
    parser.add_argument("--states", default=",".join(STATES), help="hot, fragments, none")
    parser.add_argument("--only", default="", help="only operations whose names hold this text")
    parser.add_argument("--postgres", default=os.environ.get("TEST_DATABASE_URL", "postgres://127.0.0.1:5432/test"),
                        help="a PostgreSQL on which databases may be made ($TEST_DATABASE_URL)")
    parser.add_argument("--links", help="a file of links to import besides the generated one")
    parser.add_argument("--mapping", default=prepare.MAPPING, help="the mapping of that file")
    parser.add_argument("--server", help="the twincity to measure, instead of building one")
    parser.add_argument("--floor", help="the framework's server, instead of building one")
    parser.add_argument("--seconds", type=float, default=8.0, help="of each measurement (8)")
    parser.add_argument("--warm", type=float, default=2.0, help="least seconds to warm up (2)")
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--threads", type=int, default=min(2, os.cpu_count()), help="of wrk")
    parser.add_argument("--variants", type=int, default=3000, help="different requests of an operation (3000)")
    parser.add_argument("--cache", default=os.path.join(tempfile.gettempdir(), "twincity-bench"), help="where made databases are kept")
    parser.add_argument("--out", default="bench-results", help="files to write, without their endings")
    parser.add_argument("--quick", action="store_true", help="few records, one second each: to see that it works")
    given = parser.parse_args()
    if given.quick:
        given.agreements, given.seconds, given.warm, given.variants = "2000", 1.0, 1.0, 200
    return given


def build(given):
    """The two programs, built unless they are given."""
    target = os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target"))
    if not given.server:
        subprocess.run(["cargo", "build", "--profile", "dist", "--locked"], cwd=ROOT, check=True)
        given.server = os.path.join(target, "dist", "twincity")
    if not given.floor:
        folder = os.path.join(target, "floor")
        subprocess.run(["cargo", "build", "--release", "--locked", "--target-dir", folder],
                       cwd=os.path.join(ROOT, "bench", "floor"), check=True)
        given.floor = os.path.join(folder, "release", "floor")


def need_wrk():
    if shutil.which("wrk"):
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "install", "-qq", "-y", "wrk"], stdout=subprocess.DEVNULL)
    if not shutil.which("wrk"):
        sys.exit("wrk is needed: install the package wrk")


class Run:
    """One size, all engines and states."""

    def __init__(self, given, agreements, report, folder):
        self.given, self.report, self.folder = given, report, folder
        self.registry = Registry(agreements, given.seed, given.partners)
        self.cache = prepare.Cache(given.cache, given.server, self.registry)
        self.load = load.Load(given.seconds, given.warm, given.connections, given.threads)
        self.log = os.path.join(folder, "server.log")
        self.floors = {}
        usage = subprocess.check_output([given.server, "serve", "--help"], text=True)
        self.states = [state for state in given.states.split(",") if all(name in usage for name in STATES[state])]

    def copy(self, engine, empty=False):
        if engine == "sqlite":
            return prepare.SqliteCopy(self.folder, None if empty else self.cache.sqlite())
        return prepare.PostgresCopy(self.postgres, None if empty else self.cache.postgres(self.postgres))

    def add(self, operation, who, state, **found):
        self.report.add(agreements=self.registry.agreements, operation=operation, who=who, state=state, **found)
        if "p50_ms" in found:
            prepare.say(f"{operation:28} {who:10} {state:9} {found['per_second']:9,.0f}/s  {found['cpu_us']:8.1f} µs")

    def measure(self, engines, postgres):
        self.postgres = postgres
        source = self.cache.sqlite()
        reads = operations.reads(source, self.given.variants, self.given.seed)
        reads = [operation for operation in reads if self.given.only in operation.name]
        for engine in engines:
            copy = self.copy(engine)
            try:
                for state in self.states:
                    self.read(copy, state, reads)
                if self.given.only in "insert":
                    self.insert(copy, source)
            finally:
                copy.drop()
        if self.given.only in "import":
            self.imports(engines)

    def serve(self, copy, state):
        return server.twincity(self.given.server, copy.url, self.log, STATES[state])

    def read(self, copy, state, reads):
        with self.serve(copy, state) as running:
            ready = running.memory()[0]
            for operation in reads:
                answer = self.sample(running, operation)
                load.warm_up(running.base, operation.requests, self.load)
                found = load.measure(running, operation.requests, self.load, database=copy.database_cpu)
                os.truncate(self.log, 0)
                self.add(operation.name, copy.engine, state, variants=len(operation.requests), **found)
                if operation.name not in self.floors:
                    self.floor(operation, answer)
            now, peak = running.memory()
            self.add("start and memory", copy.engine, state, started_ms=1000 * running.started_in,
                     rss_ready_mb=ready, rss_mb=now, peak_mb=peak)

    def sample(self, running, operation):
        """Some answers, to see that they are good; the one of the usual size, for the floor."""
        requests = operation.requests
        answers = [server.get(running.base, request.path) for request in requests[:: max(1, len(requests) // 50)]]
        bad = [status for status, _ in answers if status != 200]
        if bad:
            self.report.fault(f"{operation.name}: {len(bad)} of {len(answers)} sampled answers were {sorted(set(bad))}")
        mean = sum(len(body) for _, body in answers) / len(answers)
        return min((body for _, body in answers), key=lambda body: abs(len(body) - mean))

    def floor(self, operation, answer, requests=None):
        """The framework alone, asked for the same addresses and answering with the same bytes."""
        body = os.path.join(self.folder, "answer.json")
        with open(body, "wb") as file:
            file.write(answer)
        with server.floor(self.given.floor, body, os.cpu_count()) as running:
            load.wrk(running.base, operation.requests, self.load.warm, self.load)
            found = load.measure(running, requests or operation.requests, self.load)
        self.floors[operation.name] = found
        self.add(operation.name, "framework", "floor", variants=len(operation.requests), **found)

    def insert(self, copy, source):
        key = prepare.admin_key(self.given.server, copy.url)
        count = int(MOST_INSERTS * (self.given.seconds + self.given.warm))
        operation = operations.insert(source, self.registry, count, copy.engine)
        warm = int(MOST_INSERTS * self.given.warm)
        with self.serve(copy, "hot") as running:
            load.wrk(running.base, operation.requests[:warm], self.load.warm, self.load, key)
            rest = operation.requests[warm:]
            found = load.measure(running, rest, self.load, key, copy.database_cpu)
            # What an answer is like, from a body that no thread came to.
            status, answer = server.ask(running.base, rest[-1].path, json.loads(rest[-1].body), key)
        os.truncate(self.log, 0)
        if status != 201:
            self.report.fault(f"an insert on {copy.engine} was answered {status}: {answer[:300]!r}")
        self.add("insert", copy.engine, "hot", variants=len(rest), **found)
        if "insert" not in self.floors:
            self.floor(operation, answer, rest)

    def imports(self, engines):
        files = [("generated links, all new", self.cache.links, prepare.MAPPING)]
        if self.given.links:
            files.append((os.path.basename(self.given.links), self.given.links, self.given.mapping))
        for engine in engines:
            for name, links, mapping in files:
                copy = self.copy(engine, empty=True)
                try:
                    found = prepare.import_links(self.given.server, copy.url, links, mapping)
                finally:
                    copy.drop()
                prepare.say(f"{name}: {found['summary']}; {found['per_second']:,.0f} rows/s on {copy.engine}")
                self.add(f"import of {name}", copy.engine, "", **found)


def main():
    given = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # through every `with`, so that no server stays
    need_wrk()
    build(given)
    engines, postgres = given.engines.split(","), Postgres(given.postgres)
    report = Report(given.out)
    if "postgres" in engines and not (shutil.which("psql") and postgres.answers()):
        report.fault("PostgreSQL was left out: it does not answer, or psql is not installed")
        engines.remove("postgres")
    with tempfile.TemporaryDirectory(prefix="twincity-bench-") as folder:
        for agreements in map(int, given.agreements.split(",")):
            Run(given, agreements, report, folder).measure(engines, postgres)
    report.write()
    print(report.markdown())
    sys.exit(bool(report.faults))


if __name__ == "__main__":
    main()
