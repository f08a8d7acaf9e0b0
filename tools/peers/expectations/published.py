"""Suites over published tables, census, credit and recidivism: what came out, and none of their rows."""

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
CENSUS = [
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
CREDIT_COLUMNS = [
    *["status", "months", "history", "purpose", "amount", "savings", "employed", "rate", "personal", "debtors"],
    *["resident", "property", "age", "plans", "housing", "credits", "job", "liable", "telephone", "foreign", "label"],
]
OWNER = {"type": "comparison", "column": {"name": "housing"}, "operator": "==", "parameter": "A152"}
CREDIT = [
    ("expect_table_row_count_to_be_between", {"min_value": 900, "max_value": 1100}),
    ("expect_table_column_count_to_equal", {"value": 21}),
    ("expect_table_columns_to_match_set", {"column_set": CREDIT_COLUMNS[::-1]}),
    ("expect_column_values_to_be_of_type", {"column": "amount", "type_": "int64"}),
    ("expect_column_values_to_match_regex", {"column": "status", "regex": "^A1[1-4]$"}),
    ("expect_column_values_to_match_regex", {"column": "purpose", "regex": "^A4[0-9]$", "mostly": 0.98}),
    ("expect_column_values_to_not_match_regex", {"column": "purpose", "regex": "^A4(?!10)[0-9]{2}$"}),
    ("expect_column_values_to_match_regex_list", {"column": "savings", "regex_list": ["^A6[1-4]$", "5$"], "match_on": "any"}),
    ("expect_column_values_to_be_in_set", {"column": "label", "value_set": [1, 2]}),
    ("expect_column_distinct_values_to_be_in_set", {"column": "housing", "value_set": ["A151", "A152"]}),
    ("expect_column_values_to_be_between", {"column": "months", "min_value": 6, "max_value": 48, "mostly": 0.97}),
    ("expect_column_values_to_be_between", {"column": "age", "min_value": 19, "strict_min": True}),
    ("expect_column_values_to_be_between", {"column": "amount", "max_value": 10000, "row_condition": OWNER, "mostly": 0.95}),
    ("expect_column_mean_to_be_between", {"column": "amount", "min_value": 3271.258, "max_value": 3271.258}),
    ("expect_column_median_to_be_between", {"column": "amount", "min_value": 2319.5, "max_value": 2319.5}),
    ("expect_column_stdev_to_be_between", {"column": "amount", "min_value": 2822.7, "max_value": 2822.8}),
    ("expect_column_value_lengths_to_equal", {"column": "purpose", "value": 3}),
    ("expect_column_most_common_value_to_be_in_set", {"column": "purpose", "value_set": ["A43"]}),
    ("expect_column_values_to_be_unique", {"column": "amount"}),
    ("expect_compound_columns_to_be_unique", {"column_list": ["amount", "months", "age"]}),
    ("expect_column_pair_values_a_to_be_greater_than_b", {"column_A": "age", "column_B": "months"}),
    (
        "expect_column_kl_divergence_to_be_less_than",
        {"column": "label", "partition_object": {"values": [1, 2], "weights": [0.5, 0.5]}, "threshold": 0.05},
    ),
    ("expect_column_value_z_scores_to_be_less_than", {"column": "amount", "threshold": 3, "double_sided": False}),
]
RECIDIVISM = [
    ("expect_table_row_count_to_equal", {"value": 7214}),
    ("expect_column_to_exist", {"column": "two_year_recid"}),
    ("expect_column_to_exist", {"column": "two_year_recidivism"}),
    ("expect_column_values_to_be_unique", {"column": "id"}),
    ("expect_column_values_to_be_unique", {"column": "name"}),
    ("expect_column_values_to_not_be_null", {"column": "c_case_number"}),
    ("expect_column_values_to_be_null", {"column": "violent_recid"}),
    ("expect_column_values_to_be_between", {"column": "age", "min_value": 18, "max_value": 75}),
    ("expect_column_values_to_be_between", {"column": "days_b_screening_arrest", "min_value": -30, "max_value": 30, "mostly": 0.85}),
    ("expect_column_values_to_be_in_set", {"column": "c_charge_degree", "value_set": ["F"], "mostly": 0.6}),
    ("expect_column_distinct_values_to_equal_set", {"column": "score_text", "value_set": ["Low", "Medium", "High"]}),
    ("expect_column_values_to_match_strftime_format", {"column": "dob", "strftime_format": "%Y-%m-%d"}),
    ("expect_column_values_to_match_strftime_format", {"column": "c_jail_in", "strftime_format": "%Y-%m-%d"}),
    ("expect_column_values_to_match_regex", {"column": "c_case_number", "regex": "^\\d{8}[A-Z]{2}\\d+A$", "mostly": 0.9}),
    ("expect_column_values_to_be_dateutil_parseable", {"column": "screening_date"}),
    ("expect_column_unique_value_count_to_be_between", {"column": "c_charge_desc", "min_value": 430, "max_value": 440}),
    ("expect_column_sum_to_be_between", {"column": "two_year_recid", "min_value": 3251, "max_value": 3251}),
    ("expect_column_max_to_be_between", {"column": "decile_score", "max_value": 10}),
    ("expect_column_pair_values_to_be_equal", {"column_A": "compas_screening_date", "column_B": "screening_date"}),
    ("expect_column_pair_values_to_be_equal", {"column_A": "decile_score", "column_B": "decile_score.1"}),
    ("expect_column_pair_values_a_to_be_greater_than_b", {"column_A": "c_jail_out", "column_B": "c_jail_in", "or_equal": True}),
    ("expect_column_proportion_of_unique_values_to_be_between", {"column": "dob", "min_value": 0.7, "max_value": 0.8}),
    ("expect_column_quantile_values_to_be_between", {"column": "age", "quantile_ranges": {"quantiles": [0.1, 0.5, 0.9], "value_ranges": [[21, 21], [31, 31], [53, 54]]}}),
]
# name, file, columns where the file has no names, expectations
PUBLISHED = [
    ("census", "adult-train.csv", COLUMNS, CENSUS),
    ("credit", "german.csv", CREDIT_COLUMNS, CREDIT),
    ("recidivism", "compas-two-years.csv", None, RECIDIVISM),
]
KEPT = ("element_count", "unexpected_count", "unexpected_percent", "missing_count", "observed_value")


class Case:
    result_format = "SUMMARY"
    parameters = None

    def __init__(self, type, kwargs):
        self.type, self.kwargs = type, kwargs


def record(folder, write_compact):
    place = os.environ.get("HOLDFAST_ADULT_DATA") or os.path.join(os.path.dirname(__file__), "..", "..", "..", "..", "shared", "data")
    engine = engines.Engines(os.path.join(folder, "tables"))
    for name, file, columns, listed in PUBLISHED:
        frame = pandas.read_csv(os.path.join(place, file), names=columns, header="infer" if columns is None else None)
        engine.add(name, frame)
        rows = [judged(engine.batches(name), type, kwargs) for type, kwargs in listed]
        head = {"recordedFrom": engines.versions(), "file": file, "rows": len(frame)}
        write_compact(os.path.join(folder, f"{name}.json"), head if columns is None else {**head, "columns": columns}, rows)
        print(f"{name}: {len(rows)} expectations")


def judged(both, type, kwargs):
    written, by_pandas = engines.outcome(both["pandas"], Case(type, kwargs))
    _, by_sqlite = engines.outcome(both["sqlite"], Case(type, kwargs))
    for shown in (by_pandas, by_sqlite):
        shown["result"] = {key: value for key, value in shown.get("result", {}).items() if key in KEPT}
    return {"expectation": written, "pandas": by_pandas, "sqlite": "same" if by_pandas == by_sqlite else by_sqlite}
