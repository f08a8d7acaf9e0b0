"""Whole suites, as Great Expectations writes them (`suites/*.json`) and as its older versions did (`*.older.json`), with outcomes."""

import copy
import json
import os

import engines
from great_expectations.core import ExpectationSuite
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

LISTED = [
    ("expect_table_row_count_to_be_between", {"min_value": 1, "max_value": 100}),
    (
        "expect_table_columns_to_match_set",
        {"column_set": ["id", "score", "rank", "age", "grade", "name", "born", "seen", "active", "price", "constant"]},
    ),
    ("expect_column_to_exist", {"column": "id"}),
    ("expect_column_values_to_not_be_null", {"column": "id"}),
    ("expect_column_values_to_be_unique", {"column": "id"}),
    ("expect_column_values_to_be_between", {"column": "score", "min_value": -10, "max_value": 50, "mostly": 0.9}),
    ("expect_column_values_to_be_between", {"column": "rank", "min_value": {"$PARAMETER": "low"}, "max_value": {"$PARAMETER": "low + 9"}}),
    ("expect_column_values_to_be_in_set", {"column": "grade", "value_set": ["a", "b", "c"], "mostly": 0.8}),
    ("expect_column_values_to_match_regex", {"column": "name", "regex": "^(?!\\s)\\w+"}),
    ("expect_column_mean_to_be_between", {"column": "score", "min_value": 0, "max_value": 20}),
    ("expect_column_values_to_be_between", {"column": "seen", "min_value": "2024-01-01", "max_value": "2024-12-31", "mostly": 0.75}),
    ("expect_compound_columns_to_be_unique", {"column_list": ["id", "rank"]}),
    ("expect_column_pair_values_a_to_be_greater_than_b", {"column_A": "id", "column_B": "rank", "or_equal": True, "mostly": 0.5}),
    (
        "expect_column_values_to_be_between",
        {"column": "age", "min_value": 18, "max_value": 90, "row_condition": "rank > 1", "condition_parser": "pandas"},
    ),
]
PASSING = [0, 1, 2, 3, 4, 5, 9, 11]
PARAMETERS = {"low": 1}


def older(newer):
    """The form of 0.13 to 0.18: `expectation_type`, the name and the identity under other keys, where the data lay."""
    written = {
        "data_asset_type": None,
        "expectation_suite_name": newer["name"],
        "ge_cloud_id": None,
        "evaluation_parameters": {},
        "expectations": [],
        "meta": {"great_expectations_version": "0.18.22"},
    }
    for one in newer["expectations"]:
        written["expectations"].append(
            {"expectation_type": one["type"], "kwargs": copy.deepcopy(one["kwargs"]), "meta": one.get("meta") or {}, "ge_cloud_id": None}
        )
    return written


def suite_of(name, listed, notes):
    suite = ExpectationSuite(name=name, notes=notes, meta={"owner": "data"})
    for type, kwargs in listed:
        suite.add_expectation_configuration(ExpectationConfiguration(type=type, kwargs=kwargs, meta={}))
    return suite


def settled(written):
    """Without identities, which are drawn anew every time."""
    if isinstance(written, dict):
        return {key: settled(one) for key, one in written.items() if key != "id" or one is None or not isinstance(one, str)}
    return [settled(one) for one in written] if isinstance(written, list) else written


def write(folder, engine):
    place = os.path.join(folder, "suites")
    os.makedirs(place, exist_ok=True)
    both = engine.batches("mixed")
    for name, listed in (("orders", LISTED), ("orders-pass", [LISTED[index] for index in PASSING]), ("nothing", [])):
        suite = suite_of(name, listed, "recorded")
        newer = settled(suite.to_json_dict())
        for file, text in ((f"{name}.json", newer), (f"{name}.older.json", older(newer))):
            with open(os.path.join(place, file), "w", encoding="utf-8") as out:
                json.dump(text, out, indent=1, ensure_ascii=False)
                out.write("\n")
        outcome = {"recordedFrom": engines.versions(), "table": "mixed", "parameters": PARAMETERS}
        for kind in ("pandas", "sqlite"):
            found = both[kind].validate(suite, result_format="COMPLETE", expectation_parameters=PARAMETERS)
            outcome[kind] = {
                "success": found.success,
                "statistics": found.statistics,
                "successes": [one.success for one in found.results],
                "unexpected": [one.result.get("unexpected_count") for one in found.results],
                "observed": [engines.plain(one.result.get("observed_value")) for one in found.results],
            }
        with open(os.path.join(place, f"{name}.outcome.json"), "w", encoding="utf-8") as out:
            json.dump(outcome, out, indent=1, ensure_ascii=False)
            out.write("\n")
