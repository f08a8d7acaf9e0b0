"""A suite over the census: what came out, and none of its rows."""

import os

import engines
import pandas

COLUMNS = [
    "age",
    "workclass",
    "fnlwgt",
    "education",
    "education_num",
    "marital_status",
    "occupation",
    "relationship",
    "race",
    "sex",
    "capital_gain",
    "capital_loss",
    "hours_per_week",
    "native_country",
    "income",
]
RACES = [" White", " Black", " Asian-Pac-Islander", " Amer-Indian-Eskimo", " Other"]
MALE = {"type": "comparison", "column": {"name": "sex"}, "operator": "==", "parameter": " Male"}
LISTED = [
    ("expect_table_row_count_to_equal", {"value": 32561}),
    ("expect_table_columns_to_match_ordered_list", {"column_list": COLUMNS}),
    ("expect_column_values_to_not_be_null", {"column": "age"}),
    ("expect_column_values_to_be_between", {"column": "age", "min_value": 18, "max_value": 90}),
    ("expect_column_values_to_be_between", {"column": "age", "min_value": 18, "max_value": 90, "mostly": 0.98}),
    ("expect_column_values_to_be_between", {"column": "hours_per_week", "min_value": 1, "max_value": 98, "strict_max": True}),
    ("expect_column_values_to_be_in_set", {"column": "race", "value_set": RACES}),
    ("expect_column_values_to_be_in_set", {"column": "sex", "value_set": ["Male", "Female"]}),
    ("expect_column_values_to_not_be_in_set", {"column": "workclass", "value_set": [" ?"], "mostly": 0.94}),
    ("expect_column_values_to_not_be_in_set", {"column": "occupation", "value_set": [" ?"], "mostly": 0.95}),
    ("expect_column_distinct_values_to_equal_set", {"column": "income", "value_set": [" <=50K", " >50K"]}),
    ("expect_column_distinct_values_to_contain_set", {"column": "education", "value_set": [" HS-grad", " Doctorate"]}),
    ("expect_column_most_common_value_to_be_in_set", {"column": "native_country", "value_set": [" United-States"]}),
    ("expect_column_unique_value_count_to_be_between", {"column": "native_country", "min_value": 40, "max_value": 45}),
    ("expect_column_proportion_of_unique_values_to_be_between", {"column": "fnlwgt", "min_value": 0.9}),
    ("expect_column_mean_to_be_between", {"column": "age", "min_value": 35, "max_value": 40}),
    ("expect_column_median_to_be_between", {"column": "hours_per_week", "min_value": 40, "max_value": 40}),
    ("expect_column_stdev_to_be_between", {"column": "fnlwgt", "min_value": 100000, "max_value": 110000}),
    ("expect_column_sum_to_be_between", {"column": "capital_gain", "min_value": 35000000, "max_value": 36000000}),
    ("expect_column_min_to_be_between", {"column": "age", "min_value": 17, "max_value": 17}),
    ("expect_column_max_to_be_between", {"column": "capital_gain", "max_value": 50000}),
    (
        "expect_column_quantile_values_to_be_between",
        {"column": "fnlwgt", "quantile_ranges": {"quantiles": [0.05, 0.25, 0.5, 0.75, 0.95], "value_ranges": [[0, None]] * 5}},
    ),
    ("expect_column_value_z_scores_to_be_less_than", {"column": "hours_per_week", "threshold": 3, "double_sided": True, "mostly": 0.98}),
    ("expect_column_values_to_not_be_outliers", {"column": "education_num", "method": "iqr", "multiplier": 1.5}),
    ("expect_column_values_to_match_regex", {"column": "education", "regex": "^ (?!Pre)[A-Z0-9]"}),
    ("expect_column_values_to_match_regex", {"column": "marital_status", "regex": "(?i)married"}),
    ("expect_column_value_lengths_to_be_between", {"column": "occupation", "min_value": 3, "max_value": 17}),
    (
        "expect_column_kl_divergence_to_be_less_than",
        {"column": "sex", "partition_object": {"values": [" Male", " Female"], "weights": [0.5, 0.5]}, "threshold": 0.1},
    ),
    (
        "expect_column_pair_values_a_to_be_greater_than_b",
        {"column_A": "capital_gain", "column_B": "capital_loss", "or_equal": True, "mostly": 0.95},
    ),
    ("expect_compound_columns_to_be_unique", {"column_list": ["age", "fnlwgt", "education_num", "hours_per_week", "occupation"]}),
    ("expect_select_column_values_to_be_unique_within_record", {"column_list": ["age", "hours_per_week"]}),
    (
        "expect_column_values_to_be_between",
        {"column": "hours_per_week", "min_value": 20, "max_value": 60, "row_condition": MALE, "mostly": 0.9},
    ),
    (
        "expect_column_mean_to_be_between",
        {"column": "capital_gain", "row_condition": 'income == " >50K"', "condition_parser": "pandas", "min_value": 4000},
    ),
]
KEPT = ("element_count", "unexpected_count", "unexpected_percent", "missing_count", "observed_value")


class Case:
    result_format = "SUMMARY"
    parameters = None

    def __init__(self, type, kwargs):
        self.type, self.kwargs = type, kwargs


def record(folder, write_compact):
    place = os.environ.get("HOLDFAST_ADULT_DATA") or os.path.join(os.path.dirname(__file__), "..", "..", "..", "..", "shared", "data")
    frame = pandas.read_csv(os.path.join(place, "adult-train.csv"), header=None, names=COLUMNS)
    engine = engines.Engines(os.path.join(folder, "tables"))
    engine.add("census", frame)
    both, rows = engine.batches("census"), []
    for type, kwargs in LISTED:
        written, by_pandas = engines.outcome(both["pandas"], Case(type, kwargs))
        _, by_sqlite = engines.outcome(both["sqlite"], Case(type, kwargs))
        for shown in (by_pandas, by_sqlite):
            shown["result"] = {key: value for key, value in shown["result"].items() if key in KEPT}
        rows.append({"expectation": written, "pandas": by_pandas, "sqlite": "same" if by_pandas == by_sqlite else by_sqlite})
    write_compact(
        os.path.join(folder, "census.json"),
        {"recordedFrom": engines.versions(), "file": "adult-train.csv", "columns": COLUMNS, "rows": len(frame)},
        rows,
    )
    print(f"census: {len(rows)} expectations")
