"""Records what Great Expectations says of the tables in packages/data/test/fixtures/expectations/tables.

Usage, from the root of the repository, with the pins of requirements-data.txt:
    python tools/peers/record-expectations.py [FAMILY…]      the made tables, all families or the named ones
    python tools/peers/record-expectations.py --published    census, credit, recidivism: HOLDFAST_ADULT_DATA, or ../shared/data

Each case is run by the pandas engine and, beside it, by SQLAlchemy on SQLite. `sqlite` is "same" where everything that both can
say is the same; else its own outcome. What the SQL engines cannot say (index lists without columns that name a row) is not held
against them.
"""

import json
import os
import sys
import warnings

if os.environ.get("PYTHONHASHSEED") != "0":
    # What comes out of a set of texts comes in another order every time.
    os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "PYTHONHASHSEED": "0"})
os.environ["GX_ANALYTICS_ENABLED"] = "false"
warnings.simplefilter("ignore")
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "expectations"))

import cases as case_book  # noqa: E402
import engines  # noqa: E402
import published  # noqa: E402
import suites  # noqa: E402
import tables  # noqa: E402

FIXTURES = os.path.join(ROOT, "packages", "data", "test", "fixtures", "expectations")
TABLES = os.path.join(FIXTURES, "tables")
# What the pandas engine alone can say: the position of a row, which a table of SQL does not have.
BY_POSITION = ("unexpected_index_list", "partial_unexpected_index_list", "unexpected_index_query")


def null_for_nan(value):
    """SQL's NULL where pandas shows a missing number as NaN."""
    if isinstance(value, list):
        return [null_for_nan(one) for one in value]
    if isinstance(value, dict):
        return None if value == {"$": "NaN"} else {key: null_for_nan(one) for key, one in value.items()}
    return value


def comparable(outcome):
    if "result" not in outcome:
        return outcome
    result = {key: null_for_nan(value) for key, value in outcome["result"].items() if key not in BY_POSITION}
    return {**outcome, "result": result}


def write_compact(path, head, rows, name="cases"):
    """JSON with one case a line: a diff shows which case changed."""
    with open(path, "w", encoding="utf-8") as out:
        out.write("{\n")
        for key, value in head.items():
            out.write(f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)},\n")
        lines = [" " + json.dumps(row, ensure_ascii=False, allow_nan=False, separators=(",", ":")) for row in rows]
        out.write(f' "{name}": [\n' + ",\n".join(lines) + "\n ]\n}\n")


def recorded(case, both):
    row = {"name": case.name, "table": case.table}
    for key in ("result_format", "parameters"):
        if getattr(case, key) is not None:
            row[key] = getattr(case, key)
    row["expectation"], row["pandas"] = engines.outcome(both["pandas"], case)
    _, beside = engines.outcome(both["sqlite"], case)
    row["sqlite"] = "same" if comparable(beside) == comparable(row["pandas"]) else beside
    return row


def record(wanted):
    tables.write(TABLES)
    engine = engines.Engines(TABLES)
    for family, listed in case_book.families().items():
        if wanted and family not in wanted:
            continue
        rows = [recorded(case, engine.batches(case.table)) for case in listed]
        types = sorted({case.type for case in listed})
        write_compact(os.path.join(FIXTURES, f"{family}.json"), {"recordedFrom": engines.versions(), "types": types}, rows)
        print(f"{family}: {len(rows)} cases of {len(types)} types, {sum(row['sqlite'] != 'same' for row in rows)} differ on SQLite")
    if not wanted:
        missing = set(engines.core_types()) - set(case_book.all_types())
        assert not missing, f"no case of {sorted(missing)}"
        suites.write(FIXTURES, engine)


if __name__ == "__main__":
    words = sys.argv[1:]
    if words == ["--published"]:
        published.record(FIXTURES, write_compact)
    else:
        record(words)
