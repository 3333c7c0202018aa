"""Reads models/Plates/countries.json and makes registrations from its patterns (language: models/Plates/README.md)."""
import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

TABLE = Path(__file__).resolve().parents[2] / "Plates" / "countries.json"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = "0123456789"
_TOKEN = re.compile(r"A|9|-|\[[A-Z0-9]+\]|'[A-Z0-9]+'")


@dataclass(frozen=True)
class Format:
    """One pattern of one country: groups of character sets, each set a string of the characters allowed there."""
    groups: tuple
    kind: str
    lines: tuple
    break_at: int
    background: str
    text: str
    weight: float


@dataclass(frozen=True)
class Country:
    """A row of the table; colours are #RRGGBB, band is left, right, both or none."""
    code: str
    sign: str
    band: str
    rear_background: str
    weight: float
    formats: tuple


def parse_pattern(pattern, letters=LETTERS):
    """Groups of character sets for a pattern; raises ValueError that names the pattern if it has unknown signs."""
    tokens = _TOKEN.findall(pattern)
    if "".join(tokens) != pattern:
        raise ValueError(f"countries.json: pattern {pattern!r} has a sign that the pattern language does not know")
    groups = [[]]
    for token in tokens:
        if token == "-":
            groups.append([])
        elif token in "A9":
            groups[-1].append(letters if token == "A" else DIGITS)
        elif token[0] == "[":
            groups[-1].append(token[1:-1])
        else:
            groups[-1].extend(token[1:-1])
    return tuple(tuple(group) for group in groups)


@lru_cache(maxsize=None)
def load_countries(path=TABLE):
    """All countries of the table, by code."""
    rows = json.loads(Path(path).read_text(encoding="utf-8"))
    return {row["code"]: _country(row) for row in rows}


def _country(row):
    letters = row.get("letters", LETTERS)
    formats = []
    for item in row["formats"]:
        colours = item.get("colours", row["colours"])
        formats.append(Format(parse_pattern(item["pattern"], letters), item["kind"], tuple(item["lines"]),
                              item.get("break", 1), colours["background"], colours["text"], item.get("weight", 1.0)))
    return Country(row["code"], row["sign"], row["band"], row["colours"].get("rear_background", ""), row["weight"], tuple(formats))


def pick_country(rng, countries):
    """A country, as often as the table's weights say."""
    rows = list(countries.values())
    return rng.choices(rows, [row.weight for row in rows])[0]


def pick_format(rng, country, two_line=None):
    """A format of the country (of one that is made in two lines, or in one, if asked for); None where it has none."""
    wanted = [f for f in country.formats if two_line is None or (2 if two_line else 1) in f.lines]
    if not wanted:
        return None
    return rng.choices(wanted, [f.weight for f in wanted])[0]


def fill(rng, groups):
    """One registration: a string for each group."""
    return ["".join(rng.choice(chars) for chars in group) for group in groups]


def random_groups(rng):
    """A registration of no country, so that the reader learns shapes rather than syntax."""
    mixed = rng.random() < 0.3
    groups = []
    for _ in range(rng.choice((1, 2, 2, 2, 3, 3))):
        chars = LETTERS + DIGITS if mixed else rng.choice((LETTERS, DIGITS, DIGITS))
        groups.append("".join(rng.choice(chars) for _ in range(rng.randint(1, 4))))
    while sum(map(len, groups)) < 4:
        groups[-1] += rng.choice(DIGITS)
    return groups
