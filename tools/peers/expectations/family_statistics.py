"""Aggregates of a column between bounds."""

import datetime

AGGREGATES = [
    "max",
    "min",
    "mean",
    "median",
    "stdev",
    "sum",
    "unique_value_count",
    "proportion_of_unique_values",
    "proportion_of_non_null_values",
]
COLUMNS = [
    ("mixed", "score"),
    ("mixed", "rank"),
    ("mixed", "age"),
    ("mixed", "grade"),
    ("mixed", "born"),
    ("mixed", "seen"),
    ("mixed", "active"),
    ("mixed", "price"),
    ("mixed", "constant"),
    ("empty", "score"),
    ("empty", "grade"),
    ("single", "score"),
    ("nulls", "number"),
    ("nulls", "text"),
    ("nulls", "half"),
    ("infinite", "value"),
    ("infinite", "tiny"),
    ("numbers", "normal"),
    ("numbers", "skewed"),
    ("numbers", "big"),
    ("numbers", "cost"),
    ("odd", "größe"),
    ("odd", "a.b"),
    ("pairs", "p"),
]
AT = {
    "max": 100.5,
    "min": -3.25,
    "mean": 12.65,
    "median": 2.0,
    "stdev": 31.08,
    "sum": 126.5,
    "unique_value_count": 8,
    "proportion_of_unique_values": 0.8,
    "proportion_of_non_null_values": 10 / 12,
}


def write(book):
    for aggregate in AGGREGATES:
        type = f"expect_column_{aggregate}_to_be_between"
        for table, column in COLUMNS:
            book(type, table, column, column=column, min_value=0, max_value=100)
        at = AT[aggregate]
        for kwargs in (
            {"min_value": at},
            {"max_value": at},
            {"min_value": at, "max_value": at},
            {"min_value": at, "strict_min": True},
            {"max_value": at, "strict_max": True},
            {"min_value": at, "max_value": at, "strict_max": True},
            {},
            {"min_value": 1000},
            {"max_value": -1000},
            {"min_value": 10, "max_value": 1},
            {"min_value": None, "max_value": None},
            {"min_value": "1"},
        ):
            book(type, "mixed", f"score {kwargs}".replace("'", ""), column="score", **kwargs)
        book(type, "mixed", "no such column", column="absent", min_value=0)
    for aggregate in ("max", "min"):
        type = f"expect_column_{aggregate}_to_be_between"
        for column, low, high in (
            ("seen", "2023-01-01", "2025-12-31"),
            ("seen", datetime.datetime(2023, 1, 1), datetime.datetime(2025, 12, 31)),
            ("born", "1960-01-01", "2015-01-01"),
            ("born", datetime.date(1960, 1, 1), datetime.date(2015, 1, 1)),
            ("seen", "2023-12-31T23:59:59.999", "2025-01-01"),
            ("grade", "a", "z"),
            ("seen", "2024-06-01", "2024-06-02"),
        ):
            book(type, "mixed", f"{column} {low} {high}", column=column, min_value=low, max_value=high)
        book(
            type,
            "mixed",
            "parse_strings_as_datetimes",
            column="seen",
            min_value="2023-01-01",
            max_value="2025-12-31",
            parse_strings_as_datetimes=True,
        )
    for kwargs in (
        {"min_value": 0, "max_value": 1},
        {"min_value": 1},
        {"max_value": 0},
        {"min_value": 10, "max_value": 1},
        {"min_value": 8.0},
    ):
        book("expect_column_unique_value_count_to_be_between", "mixed", f"grade {kwargs}".replace("'", ""), column="grade", **kwargs)
    book("expect_column_stdev_to_be_between", "single", "rank", column="rank", min_value=0)
    book("expect_column_sum_to_be_between", "mixed", "text", column="name", min_value=0)
