"""A PostgreSQL to measure on: its databases, by psql, and the CPU time of its processes."""

import os
import re
import subprocess
import sqlite3
import urllib.parse

from server import cpu

# Those that work for all databases.
SHARED = re.compile(r"walwriter|wal writer|checkpointer|background writer|autovacuum")
DATABASE = re.compile(r"[a-z0-9_]+")


class Postgres:
    """A server on which databases may be made, named by the address of one of its databases."""

    def __init__(self, url):
        self.url = url

    def address(self, database):
        parts = urllib.parse.urlsplit(self.url)
        return urllib.parse.urlunsplit(parts._replace(path=f"/{database}"))

    def run(self, sql, database=None):
        url = self.address(database) if database else self.url
        command = ["psql", url, "--no-password", "-X", "-Atq", "-v", "ON_ERROR_STOP=1", "-c", sql]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode:
            raise OSError(f"psql: {done.stderr.strip()}")
        return done.stdout.strip()

    def answers(self):
        try:
            return self.run("SELECT 1") == "1"
        except OSError:
            return False

    def exists(self, database):
        return self.run(f"SELECT 1 FROM pg_database WHERE datname = '{checked(database)}'") == "1"

    def create(self, database, template=None):
        self.drop(database)
        copied = f" TEMPLATE {checked(template)} STRATEGY FILE_COPY" if template else ""
        try:
            self.run(f"CREATE DATABASE {checked(database)}{copied}")
        except OSError:
            # PostgreSQL 14 knows no strategy, and always does that.
            self.run(f"CREATE DATABASE {checked(database)}{copied.replace(' STRATEGY FILE_COPY', '')}")

    def rename(self, database, name):
        self.run(f"ALTER DATABASE {checked(database)} RENAME TO {checked(name)}")

    def drop(self, database):
        self.run(f"DROP DATABASE IF EXISTS {checked(database)}")

    def cpu(self, database):
        """CPU seconds of the processes that work for a database, when they run on this machine."""
        total = 0.0
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/cmdline", encoding="utf-8", errors="replace") as line:
                    title = line.read()
                if title.startswith("postgres:") and (f" {database} " in title or SHARED.search(title)):
                    total += cpu(pid)
            except OSError:
                continue
        return total


def checked(database):
    if not DATABASE.fullmatch(database):
        raise ValueError(f"{database} is no name of a database")
    return database


def copy(source, postgres, database):
    """Fills a migrated database with all rows of a SQLite file, which has the same tables."""
    rows = sqlite3.connect(f"file:{source}?mode=ro", uri=True)
    tables = ordered(rows)
    command = ["psql", postgres.address(database), "--no-password", "-X", "-q", "-v", "ON_ERROR_STOP=1"]
    psql = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    out = psql.stdin
    # Without the right to it, foreign keys are checked: slower, that is all.
    out.write(b"DO $$ BEGIN SET session_replication_role = replica;\n"
              b"EXCEPTION WHEN insufficient_privilege THEN NULL; END $$;\n")
    out.write(f"TRUNCATE {', '.join(tables)} CASCADE;\n".encode())
    for table in tables:
        columns = [row[1] for row in rows.execute(f'PRAGMA table_info("{table}")')]
        out.write(f"COPY {table} ({', '.join(columns)}) FROM STDIN;\n".encode())
        for row in rows.execute(f'SELECT {", ".join(columns)} FROM "{table}"'):
            out.write(("\t".join(map(cell, row)) + "\n").encode())
        out.write(b"\\.\n")
        if "id" in columns:
            out.write(
                f"SELECT setval(sequence, (SELECT coalesce(max(id), 0) + 1 FROM {table}), false) FROM "
                f"(SELECT pg_get_serial_sequence('{table}', 'id') AS sequence) AS own WHERE sequence IS NOT NULL;\n".encode()
            )
    out.close()
    if psql.wait():
        raise OSError("the rows could not be copied to PostgreSQL")
    postgres.run("VACUUM ANALYZE", database)


def ordered(rows):
    """The tables, those that others refer to first."""
    names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '\\_\\_%' ESCAPE '\\'"
    left = {name for name, in rows.execute(names)}
    needs = {table: {row[2] for row in rows.execute(f'PRAGMA foreign_key_list("{table}")')} - {table} for table in left}
    found = []
    while left:
        # A ring of references is cut at its first name.
        free = sorted(table for table in left if not needs[table] & left) or sorted(left)[:1]
        found += free
        left -= set(free)
    return found


def cell(value):
    if value is None:
        return "\\N"
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    if isinstance(value, str):
        return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    return repr(value)
