"""Writes the names of countries, or of their parts, in the languages of Unicode CLDR as one compressed table.

    npm pack cldr-localenames-full@48.2.0 && tar xzf cldr-localenames-full-48.2.0.tgz
    python3 src/core/country/cldr.py package src/core/country/cldr.zz
    npm pack cldr-subdivisions-full@48.2.0 && tar xzf cldr-subdivisions-full-48.2.0.tgz
    python3 src/core/country/cldr.py package src/core/country/parts.zz

The table is UTF-8, a line a country or a part: its code and every name some language has for it, with
bars between. Names that differ in case, or in marks that the registry overlooks, are there once. It is
compressed with zlib. The names are data of Unicode, Inc., under the licence beside this file
(cldr.LICENSE).
"""

import json
import sys
import unicodedata
import zlib
from pathlib import Path

# Codes in CLDR that are no country of ISO 3166-1 (nor XK).
OTHERS = set("AC CP CQ DG EA EU EZ IC QO TA UN XA XB ZZ".split())
# Countries whose parts ISO has numbered anew: CLDR has the old numbers, which are other parts today.
RENUMBERED = ("IR-", "MA-", "UG-331")


def same(name):
    """What names have in common of which one is enough.

    It may leave out no more than `name_key` in mod.rs does: a name that is told apart there and not
    here is lost. So vowel signs (of class 0), punctuation and blanks stay, as "Saudiarabien" is
    Swedish and "Saudi-Arabien" German; marks over and under letters (from class 200) go in both.
    """
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in letters if unicodedata.combining(c) < 200)


def countries(package):
    """Each country's code with each of its names, in all locales."""
    for file in sorted(Path(package, "main").glob("*/territories.json")):
        (locale,) = json.loads(file.read_text(encoding="utf-8"))["main"].values()
        for key, name in locale["localeDisplayNames"]["territories"].items():
            # Such as CZ, CZ-alt-variant and GB-alt-short; regions of the world are numbers.
            code = key.split("-")[0]
            # Two letters are a code: what is short for one country is the code of another.
            abbreviated = len(name) < 3 and name.isascii()
            if len(code) == 2 and code.isalpha() and code not in OTHERS and not abbreviated:
                yield code, name


def parts(package):
    """The same of parts of countries: English has nearly all of them, other languages few."""
    for file in sorted(Path(package, "subdivisions").glob("*/*.json")):
        locale = json.loads(file.read_text(encoding="utf-8"))["subdivisions"]
        for key, name in locale["localeDisplayNames"]["subdivisions"].items():
            code = f"{key[:2]}-{key[2:]}".upper()
            if not code.startswith(RENUMBERED):
                yield code, name


def main(package, target):
    names = {}
    for code, name in parts(package) if Path(package, "subdivisions").exists() else countries(package):
        names.setdefault(code, {}).setdefault(same(name), name.replace("|", " "))
    lines = ["|".join([code, *sorted(found.values())]) for code, found in sorted(names.items())]
    table = ("\n".join(lines) + "\n").encode()
    packed = zlib.compress(table, 9)
    Path(target).write_bytes(packed)
    print(f"{len(lines)} codes, {sum(map(len, names.values()))} names, "
          f"{len(table)} bytes, {len(packed)} compressed")


if __name__ == "__main__":
    main(*sys.argv[1:])
