"""Records what an older Great Expectations says of suites of the older form, on the tables that record-expectations.py wrote.

Usage, from the root of the repository, with the pins of requirements-data-older.txt:
    python tools/peers/record-older-suites.py

`suites/*.older.json` are read as they lie there; `parameters.older.json` and `strings.older.json` are written here: what only the
older form has, `$PARAMETER.name` beside a parameter, and `parse_strings_as_datetimes`.
"""

import json
import os
import sys
import warnings

warnings.simplefilter("ignore")
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
FOLDER = os.path.join(ROOT, "packages", "data", "test", "fixtures", "expectations")

import great_expectations as gx  # noqa: E402
import pandas  # noqa: E402
from great_expectations.core import ExpectationSuite  # noqa: E402
from great_expectations.core.expectation_configuration import ExpectationConfiguration  # noqa: E402


def between(column, low, high, **more):
    return {
        "expectation_type": "expect_column_values_to_be_between",
        "kwargs": {"column": column, "min_value": low, "max_value": high, **more},
        "meta": {},
    }


def suite(name, expectations, **more):
    return {
        "data_asset_type": None,
        "expectation_suite_name": name,
        "ge_cloud_id": None,
        "expectations": expectations,
        "meta": {"great_expectations_version": gx.__version__},
        **more,
    }


WRITTEN = {
    "parameters": (
        "mixed",
        suite(
            "parameters",
            [
                between("rank", {"$PARAMETER": "low", "$PARAMETER.low": 3}, 9),
                between("rank", {"$PARAMETER": "low + 1"}, {"$PARAMETER": "high"}),
                between("rank", {"$PARAMETER": "absent", "$PARAMETER.absent": 5}, 9),
                between("rank", {"$PARAMETER": "absent"}, 9),
                {
                    "expectation_type": "expect_column_values_to_be_in_set",
                    "kwargs": {
                        "column": "grade",
                        "value_set": {"$PARAMETER": "set"},
                        "mostly": 0.5,
                        "result_format": "COMPLETE",
                        "catch_exceptions": True,
                        "include_config": True,
                    },
                    "meta": {"notes": {"format": "markdown", "content": ["why"]}},
                },
            ],
            evaluation_parameters={"low": 2, "high": 9, "set": ["a", "b"]},
        ),
    ),
    "strings": (
        "texts",
        suite(
            "strings",
            [
                between(
                    "date",
                    "2024-01-01",
                    "2024-12-31",
                    parse_strings_as_datetimes=True,
                    row_condition="key in [1, 4, 5, 7, 9]",
                    condition_parser="pandas",
                ),
                between("date", "2024-01-01", "2024-12-31", row_condition="key in [1, 4, 5, 7, 9]", condition_parser="pandas"),
                {
                    "expectation_type": "expect_column_values_to_be_increasing",
                    "kwargs": {
                        "column": "date",
                        "parse_strings_as_datetimes": True,
                        "row_condition": "key in [1, 4, 5]",
                        "condition_parser": "pandas",
                    },
                    "meta": {},
                },
                {
                    "expectation_type": "expect_column_values_to_be_in_set",
                    "kwargs": {
                        "column": "date",
                        "value_set": ["2024-01-31"],
                        "parse_strings_as_datetimes": True,
                        "row_condition": "key == 1",
                        "condition_parser": "pandas",
                    },
                    "meta": {},
                },
                {
                    "expectation_type": "expect_column_max_to_be_between",
                    "kwargs": {
                        "column": "date",
                        "min_value": "2024-01-01",
                        "parse_strings_as_datetimes": True,
                        "row_condition": "key in [1, 4, 5]",
                        "condition_parser": "pandas",
                    },
                    "meta": {},
                },
                {
                    "expectation_type": "expect_column_values_to_match_regex",
                    "kwargs": {"column": "code", "regex": "^AB", "mostly": 0.5},
                    "meta": {},
                },
                {
                    "expectation_type": "expect_column_values_to_match_regex",
                    "kwargs": {
                        "column": "code",
                        "regex": "^AB",
                        "row_condition": 'col("key") < 3',
                        "condition_parser": "great_expectations__experimental__",
                    },
                    "meta": {},
                },
                {"expectation_type": "expect_column_values_to_be_valid_nonsense", "kwargs": {"column": "code"}, "meta": {}},
            ],
        ),
    ),
}


def outcome(validator, written, parameters):
    found = []
    for one in written["expectations"]:
        try:
            configuration = ExpectationConfiguration(expectation_type=one["expectation_type"], kwargs=one["kwargs"], meta=one["meta"])
            alone = ExpectationSuite(
                expectation_suite_name="one",
                expectations=[configuration],
                evaluation_parameters=written.get("evaluation_parameters"),
                data_context=validator.data_context,
            )
            result = validator.validate(
                expectation_suite=alone, evaluation_parameters=parameters, catch_exceptions=True, result_format="COMPLETE"
            )["results"][0]
        except Exception as problem:  # whatever it throws is what a user saw
            found.append({"invalid": type(problem).__name__, "message": str(problem)[:200]})
            continue
        info = result.exception_info
        told = [info] if "exception_message" in info else list(info.values())
        messages = [str(one["exception_message"])[:200] for one in told if isinstance(one, dict) and one.get("exception_message")]
        kept = {
            key: result.result[key]
            for key in ("element_count", "unexpected_count", "missing_count", "unexpected_index_list", "observed_value")
            if key in result.result
        }
        found.append(
            {"success": result.success, "result": json.loads(json.dumps(kept, default=str)), **({"raised": messages} if messages else {})}
        )
    return found


def main():
    context = gx.get_context(mode="ephemeral")
    frames = context.sources.add_pandas("pandas")
    for name in ("orders", "orders-pass", "nothing"):
        WRITTEN[name] = ("mixed", json.load(open(os.path.join(FOLDER, "suites", f"{name}.older.json"), encoding="utf-8")))
    for name, (table, written) in WRITTEN.items():
        if name in ("parameters", "strings"):
            with open(os.path.join(FOLDER, "suites", f"{name}.older.json"), "w", encoding="utf-8") as out:
                json.dump(written, out, indent=1, ensure_ascii=False)
                out.write("\n")
        frame = pandas.read_parquet(os.path.join(FOLDER, "tables", f"{table}.parquet"))
        request = frames.add_dataframe_asset(name).build_batch_request(dataframe=frame)
        context.add_or_update_expectation_suite(name)
        validator = context.get_validator(batch_request=request, expectation_suite_name=name)
        parameters = None if name in ("parameters", "strings") else {"low": 1}
        recorded = {
            "recordedFrom": {"great_expectations": gx.__version__, "pandas": pandas.__version__},
            "table": table,
            "parameters": parameters,
            "results": outcome(validator, written, parameters),
        }
        with open(os.path.join(FOLDER, "suites", f"{name}.older.outcome.json"), "w", encoding="utf-8") as out:
            json.dump(recorded, out, indent=1, ensure_ascii=False)
            out.write("\n")
        print(name, [one.get("success", "invalid") for one in recorded["results"]])


if __name__ == "__main__":
    sys.exit(main())
