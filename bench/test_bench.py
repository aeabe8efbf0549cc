"""The generator and the table, without a server: python3 -m unittest discover -s bench."""

import itertools
import sqlite3
import unittest

import postgres
import report
from registry import Registry


class RegistryTest(unittest.TestCase):
    def test_the_same_seed_makes_the_same_registry(self):
        some, same, other = Registry(500, seed=7), Registry(500, seed=7), Registry(500, seed=8)
        self.assertEqual(list(some.links()), list(same.links()))
        self.assertEqual(list(some.partner_bodies()), list(same.partner_bodies()))
        self.assertNotEqual(list(some.links()), list(other.links()))

    def test_links_are_distinct_and_not_of_one_partner(self):
        pairs = [frozenset([row[0:2], row[5:7]]) for row in Registry(3000).links()]
        self.assertEqual(len(set(pairs)), len(pairs))
        self.assertEqual({len(pair) for pair in pairs}, {2})

    def test_links_and_pasts_add_up_to_the_size(self):
        registry = Registry(2000)
        ids = [str(number) for number in range(len(registry.large))]
        pasts = list(registry.agreement_bodies(ids))
        self.assertEqual(len(pasts) + sum(1 for _ in registry.links()), 2000)
        self.assertTrue(any(len(body["parties"]) > 2 for body in pasts))

    def test_no_insertion_is_made_twice(self):
        bodies = Registry(200).insertions([str(number) for number in range(100)], 500, "a")
        pairs = [frozenset(party["partner_id"] for party in body["parties"]) for body in bodies]
        self.assertEqual(len(set(pairs)), 500)


class PostgresTest(unittest.TestCase):
    def test_tables_come_after_those_they_refer_to(self):
        rows = sqlite3.connect(":memory:")
        rows.executescript("CREATE TABLE a (b_id REFERENCES b); CREATE TABLE b (id, b_id REFERENCES b);"
                           "CREATE TABLE __diesel_schema_migrations (version)")
        self.assertEqual(postgres.ordered(rows), ["b", "a"])

    def test_cells_are_written_as_copy_reads_them(self):
        self.assertEqual([postgres.cell(value) for value in (None, "a\tb\\", b"\x01", 1.5, 7)],
                         ["\\N", "a\\tb\\\\", "\\\\x01", "1.5", "7"])


class ReportTest(unittest.TestCase):
    def test_rows_are_compared_with_the_framework_of_their_size(self):
        table = report.Report("/dev/null")
        table.write = table.compare
        found = {"cpu_us": 10.0, "database_cpu_us": 0.0, "p50_ms": 1.0, "p99_ms": 2.0, "bytes": 9, "requests": 5, "other_cores": 0.0}
        for size, state, per_second in itertools.product([10, 20], ["hot", "floor"], [100.0]):
            table.add(agreements=size, operation="x", who="SQLite", state=state, failed=0, per_second=per_second * size, **found)
        self.assertEqual([row.get("throughput_ratio") for row in table.rows], [1.0, None, 1.0, None])
        self.assertFalse(table.faults)


if __name__ == "__main__":
    unittest.main()
