"""Writes the names of months in the languages of Unicode CLDR as one table.

    npm pack cldr-core@48.2.0 && mkdir core && tar xzf cldr-core-48.2.0.tgz -C core
    npm pack cldr-dates-full@48.2.0 && mkdir dates && tar xzf cldr-dates-full-48.2.0.tgz -C dates
    python3 src/core/month/cldr.py core/package dates/package src/core/month/cldr.txt

The table is UTF-8, a line a language that CLDR covers well: its code, its names for each of the
twelve months, and the words that stand between the parts of its dates, with bars between the cells
and slashes within. The names are data of Unicode, Inc., under the licence of the names of countries
(../country/cldr.LICENSE).
"""

import json
import re
import sys
import unicodedata
from pathlib import Path

FORMS = [(form, width) for form in ("format", "stand-alone") for width in ("wide", "abbreviated")]
PATTERNS = ["yMMMM", "yMMMMd", "yMMM", "yMMMd"]


def words(text):
    """The runs of letters of a text."""
    spaced = "".join(c if unicodedata.category(c)[0] in "LM" else " " for c in text)
    return spaced.casefold().split()


def main(core, dates, target):
    levels = json.loads(Path(core, "coverageLevels.json").read_text(encoding="utf-8"))
    levels = levels["effectiveCoverageLevels"].items()
    covered = {tag.split("-")[0] for tag, level in levels if level == "modern"}
    months, between = {}, {}
    for file in sorted(Path(dates, "main").glob("*/ca-gregorian.json")):
        ((locale, data),) = json.loads(file.read_text(encoding="utf-8"))["main"].items()
        language = locale.split("-")[0]
        if language == "und" or language not in covered:
            continue
        calendar = data["dates"]["calendars"]["gregorian"]
        available = calendar["dateTimeFormats"]["availableFormats"]
        patterns = [*calendar["dateFormats"].values(), *(available.get(name, "") for name in PATTERNS)]
        patterns = [pattern["_value"] if isinstance(pattern, dict) else pattern for pattern in patterns]
        small = between.setdefault(language, set())
        for pattern in patterns:
            small.update(word for quoted in re.findall("'([^']+)'", pattern) for word in words(quoted))
        names = months.setdefault(language, [set() for _ in range(12)])
        for form, width in FORMS:
            for month, name in calendar["months"][form][width].items():
                parts = words(name)
                # "de gener" is gener. Two letters are too few, and what is a number is read as one.
                before = set(parts[:-1]) <= small | {"d", "de"}
                if parts and before and len(parts[-1]) > 2 and not any(c.isdigit() for c in name):
                    small.update(parts[:-1])
                    names[int(month) - 1].add(parts[-1])
    lines = []
    for language, names in sorted(months.items()):
        if any(names):
            cells = [*names, between[language]]
            lines.append("|".join([language, *("/".join(sorted(cell)) for cell in cells)]))
    Path(target).write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} languages, {sum(len(n) for names in months.values() for n in names)} names")


if __name__ == "__main__":
    main(*sys.argv[1:])
