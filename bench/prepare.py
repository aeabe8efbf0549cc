"""Databases to measure on: made once for each size and seed, kept in a folder, copied for each run."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time

import postgres
from registry import VERSION
from server import ask, machine_cpu, twincity

MAPPING = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "examples", "mappings", "wikidata.toml")
BATCH = 200


def say(text):
    print(text, file=sys.stderr, flush=True)


def import_links(program, database, links, mapping=MAPPING):
    """Imports a file of links; how long it took and what it used."""
    command = [program, "import", links, "--mapping", mapping, "--skip-bad", "--database-url", database, "--log", "warn"]
    began, machine = time.monotonic(), machine_cpu()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    output = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"the import failed: {output[-2000:]}")
    summary = re.search(r"rows (\d+): .*", output)
    rows = int(summary[1])
    cpu = used.ru_utime + used.ru_stime
    return {
        "rows": rows, "seconds": seconds, "per_second": rows / seconds, "cpu_us": 1e6 * cpu / rows,
        "peak_mb": used.ru_maxrss / 1024, "summary": summary[0],
        "other_cores": max(0.0, machine_cpu() - machine - cpu) / seconds,
    }


def admin_key(program, database):
    command = [program, "key", "create", "--role", "admin", "--name", "bench", "--database-url", database]
    output = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True).stdout
    return re.search(r"tck_[A-Za-z0-9_-]+", output)[0]


def migrate(program, database):
    subprocess.run([program, "migrate", "up", "--database-url", database], stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, check=True)


def post_all(base, path, bodies, key):
    """Posts records in arrays; their ids."""
    ids, batch = [], []

    def send():
        if batch:
            status, answer = ask(base, path, batch, key)
            if status != 201:
                sys.exit(f"POST {path} answered {status}: {answer[:1000]!r}")
            ids.extend(record["id"] for record in json.loads(answer)["data"])
            batch.clear()

    for body in bodies:
        batch.append(body)
        if len(batch) == BATCH:
            send()
    send()
    return ids


class Cache:
    """Made databases. Their name holds size, seed, and the versions of what made them."""

    def __init__(self, folder, program, registry):
        self.folder, self.program, self.registry = folder, program, registry
        version = subprocess.check_output([program, "--version"], text=True).split()[-1].replace(".", "_")
        self.name = (
            f"twincity_bench_{registry.agreements}_{registry.partners}_{registry.seed}_{VERSION}_{version.replace('-', '_')}"
        )
        os.makedirs(folder, exist_ok=True)
        self.links = os.path.join(folder, f"{self.name}.csv")
        if not os.path.exists(self.links):
            registry.write_links(self.links)

    def sqlite(self):
        """The SQLite file: partners with names and agreements with pasts by the API, the rest imported."""
        made = os.path.join(self.folder, f"{self.name}.db")
        if os.path.exists(made):
            return made
        say(f"making {self.registry.agreements} agreements of {self.registry.partners} partners")
        began, new = time.monotonic(), f"{made}.new"
        remove(new)
        url = f"sqlite:{new}"
        migrate(self.program, url)
        key = admin_key(self.program, url)
        with twincity(self.program, url, options=("--log", "warn")) as server:
            towns = post_all(server.base, "/api/v1/partners", self.registry.partner_bodies(), key)
            post_all(server.base, "/api/v1/agreements", self.registry.agreement_bodies(towns), key)
        found = import_links(self.program, url, self.links)
        with sqlite3.connect(new) as rows:
            rows.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        rows.close()
        os.rename(new, made)
        say(f"made in {time.monotonic() - began:.0f} s; {found['summary']}, {found['per_second']:.0f} rows/s")
        return made

    def postgres(self, server):
        """The same rows in a database of PostgreSQL, to copy as a template."""
        if not server.exists(self.name):
            source, new = self.sqlite(), f"{self.name}_new"
            say("copying them to PostgreSQL")
            server.create(new)
            migrate(self.program, server.address(new))
            postgres.copy(source, server, new)
            server.rename(new, self.name)
        return self.name


def remove(file):
    for ending in ("", "-wal", "-shm"):
        if os.path.exists(file + ending):
            os.remove(file + ending)


class SqliteCopy:
    """A copy of a made file for one run; without one, a new file."""

    engine = "SQLite"

    def __init__(self, folder, made=None):
        self.file = os.path.join(folder, "registry.db")
        self.url = f"sqlite:{self.file}"
        self.database_cpu = None
        remove(self.file)
        if made:
            shutil.copyfile(made, self.file)

    def drop(self):
        remove(self.file)


class PostgresCopy:
    """The same on PostgreSQL."""

    engine = "PostgreSQL"

    def __init__(self, server, made=None):
        self.server, self.name = server, f"twincity_bench_run_{os.getpid()}"
        self.url = server.address(self.name)
        server.create(self.name, made)

    def database_cpu(self):
        return self.server.cpu(self.name)

    def drop(self):
        self.server.drop(self.name)
