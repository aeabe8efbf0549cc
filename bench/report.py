"""What was measured, as a table and as files."""

import csv
import json

COLUMNS = (
    "agreements operation who state bytes variants per_second p50_ms p99_ms cpu_us database_cpu_us throughput_ratio "
    "cpu_ratio requests failed other_cores rows seconds rss_mb peak_mb started_ms"
).split()
NOISY = 0.2
LIMITS = {
    "agreement by id": "hot: the access log and the layers in front; else the statements of one record",
    "page by country and status": "hot: bytes to the socket; fragments: one statement for 50 ids; none: rendering 50 records",
    "default page": "as the page by country and status",
    "page by partner": "as many records as the partner has ties",
    "search as one types": "hot: bytes to the socket; else finding and ranking the names, rendering 20 partners",
    "page on another day": "hot: bytes to the socket; else each record as it was that day, rendered anew",
    "events of an agreement": "hot: the access log and the layers in front; else the statements of its events",
    "insert": "checks, fold and log on the one thread that writes; SQLite's fsync is shared by those who wait",
}


class Report:
    def __init__(self, path):
        self.path, self.rows, self.faults = path, [], []

    def add(self, **row):
        row = {name: round(value, 3) if isinstance(value, float) else value for name, value in row.items()}
        self.rows.append(row)
        if row.get("failed"):
            self.fault(f"{row['operation']}, {row['who']}, {row['state']}: {row['failed']} of {row['requests']} answers failed")
        self.write()

    def fault(self, text):
        self.faults.append(text)

    def compare(self):
        """Ratios against the framework with the same bytes."""
        floors = {(row["agreements"], row["operation"]): row for row in self.rows if row["state"] == "floor"}
        for row in self.rows:
            floor = floors.get((row["agreements"], row["operation"]))
            if floor and row is not floor:
                row["throughput_ratio"] = round(row["per_second"] / floor["per_second"], 4)
                row["cpu_ratio"] = round((row["cpu_us"] + row["database_cpu_us"]) / floor["cpu_us"], 2) if floor["cpu_us"] else None

    def write(self):
        self.compare()
        with open(f"{self.path}.json", "w", encoding="utf-8") as file:
            json.dump({"rows": self.rows, "faults": self.faults}, file, indent=1)
        with open(f"{self.path}.csv", "w", newline="", encoding="utf-8") as file:
            table = csv.DictWriter(file, COLUMNS, extrasaction="ignore")
            table.writeheader()
            table.writerows(self.rows)
        with open(f"{self.path}.md", "w", encoding="utf-8") as file:
            file.write(self.markdown())

    def markdown(self):
        parts = []
        for size in dict.fromkeys(row["agreements"] for row in self.rows):
            rows = [row for row in self.rows if row["agreements"] == size]
            parts.append(f"## {size:,} agreements\n\n" + summary(rows) + requests(rows) + imports(rows) + starts(rows))
        if self.faults:
            parts.append("## Failed\n\n" + "\n".join(f"- {fault}" for fault in self.faults) + "\n")
        return "\n".join(parts)


def summary(rows):
    """For people: each operation of each engine in one line."""
    measured = {(row["operation"], row["who"], row["state"]): row for row in rows if "p50_ms" in row}
    lines = []
    for who in dict.fromkeys(who for _, who, state in measured if state != "floor"):
        for operation, limit in LIMITS.items():
            floor, hot, fragments, none = (
                measured.get((operation, *key))
                for key in (("framework", "floor"), (who, "hot"), (who, "fragments"), (who, "none"))
            )
            if floor and hot:
                cold = [f"{row['cpu_ratio'] or 0:.1f}" if row else "" for row in (fragments, none)]
                lines.append([
                    operation, who, f"{floor['per_second']:,.0f}", f"{hot['per_second']:,.0f}", f"{hot['throughput_ratio']:.0%}",
                    f"{hot['p50_ms']:.2f} / {hot['p99_ms']:.1f}", f"{floor['cpu_us']:.1f}", f"{hot['cpu_ratio'] or 0:.1f}", *cold, limit,
                ])
    header = ["operation", "who", "framework/s", "hot/s", "of it", "p50 / p99 ms", "framework's CPU µs", "times it: hot",
              "fragments", "none", "what limits it"]
    return table(header, "llrrrrrrrrl", lines)


def requests(rows):
    rows = [row for row in rows if "p50_ms" in row]
    order = list(dict.fromkeys(row["operation"] for row in rows))
    rows.sort(key=lambda row: order.index(row["operation"]))
    lines = [
        [
            row["operation"], f"{row['bytes']:,}", row["who"], row["state"],
            f"{row['per_second']:,.0f}{'~' if row['other_cores'] > NOISY else ''}",
            f"{row['p50_ms']:.2f} / {row['p99_ms']:.1f}", f"{row['cpu_us']:.1f}",
            f"{row['database_cpu_us']:.1f}" if row["who"] == "PostgreSQL" else "",
            f"{row['throughput_ratio']:.1%}" if "throughput_ratio" in row else "",
            f"{row['cpu_ratio']:.1f}" if row.get("cpu_ratio") else "", row["failed"] or "",
        ]
        for row in rows
    ]
    header = ["operation", "bytes", "who", "caches", "requests/s", "p50 / p99 ms", "CPU µs", "PostgreSQL µs",
              "of the framework", "times its CPU", "failed"]
    return table(header, "l-llrrrrrr-", lines)


def imports(rows):
    lines = [
        [row["operation"], row["who"], f"{row['rows']:,}", f"{row['seconds']:.1f}", f"{row['per_second']:,.0f}",
         f"{row['peak_mb']:.0f}"]
        for row in rows if "rows" in row
    ]
    return table(["import", "who", "rows", "seconds", "rows/s", "peak MB"], "llrrrr", lines)


def starts(rows):
    lines = [
        [row["who"], row["state"], f"{row['started_ms']:.0f}", f"{row['rss_ready_mb']:.0f}", f"{row['rss_mb']:.0f}",
         f"{row['peak_mb']:.0f}"]
        for row in rows if "started_ms" in row
    ]
    return table(["who", "caches", "ready after ms", "MB when ready", "MB after the reads", "peak MB"], "llrrrr", lines)


def table(header, sides, lines):
    if not lines:
        return ""
    rule = [{"l": "---", "r": "--:", "-": "--:"}[side] for side in sides]
    return "".join("| " + " | ".join(map(str, line)) + " |\n" for line in [header, rule, *lines]) + "\n"
