"""Values given at the time of the run: `{"$PARAMETER": name}`, and the arithmetic that it may be."""


def of(text):
    return {"$PARAMETER": text}


def write(book):
    between = "expect_column_values_to_be_between"
    given = {"low": 2, "high": 8, "set": ["a", "b"], "most": 0.5, "pattern": "^[ab]", "zero": 0, "text": "2", "when": "2024-03-01"}
    for low, high in (
        (of("low"), of("high")),
        (of("low"), 10),
        (of("low - 1"), of("high * 2")),
        (of("low + high / 2"), of("100")),
        (of("absent"), 10),
        (of("(low + 1) * 2"), of("high ^ 2")),
        (of("trunc(2.7)"), of("abs(0 - high)")),
        (of("round(2.5)"), of("PI")),
        (of("low / zero"), 10),
        (of("text"), 10),
        (of("low;high"), 10),
        (of("exp(0)"), of("E")),
        (of("sin(0)"), 10),
        (of(""), 10),
        (of(2), 10),
    ):
        book(between, "mixed", f"{low} {high}".replace("'", ""), None, given, column="rank", min_value=low, max_value=high)
    book(between, "mixed", "none given", None, None, column="rank", min_value=of("low"), max_value=9)
    book(between, "mixed", "mostly", None, given, column="rank", min_value=of("low"), max_value=9, mostly=of("most"))
    book(between, "mixed", "a time", None, given, column="seen", min_value=of("when"))
    book(between, "mixed", "now", None, given, column="seen", max_value=of("now()"))
    book(between, "mixed", "now and a day", None, given, column="seen", max_value=of("now() + timedelta(days=1)"))
    book(between, "mixed", "more than is asked for", None, {**given, "more": 1}, column="rank", min_value=of("low"))
    book(between, "mixed", "the column", None, {"column": "rank"}, column=of("column"), min_value=1)
    book("expect_column_values_to_be_in_set", "mixed", "a set", None, given, column="grade", value_set=of("set"))
    book("expect_column_values_to_be_in_set", "mixed", "a part of a set", None, given, column="grade", value_set=["a", of("text")])
    book("expect_column_values_to_match_regex", "mixed", "a pattern", None, given, column="grade", regex=of("pattern"))
    book("expect_table_row_count_to_equal", "mixed", "a count", None, {"count": 12}, value=of("count"))
    book("expect_table_row_count_to_equal", "mixed", "twice half a count", None, {"count": 6}, value=of("count * 2"))
    book(
        "expect_column_mean_to_be_between",
        "mixed",
        "bounds",
        None,
        given,
        column="score",
        min_value=of("low"),
        max_value=of("high * 10"),
        strict_min=of("low"),
    )
    book("expect_table_columns_to_match_set", "single", "columns", None, {"columns": ["id"]}, column_set=of("columns"), exact_match=False)
    book(
        "expect_column_quantile_values_to_be_between",
        "mixed",
        "ranges",
        None,
        {"ranges": {"quantiles": [0.5], "value_ranges": [[0, 3]]}},
        column="score",
        quantile_ranges=of("ranges"),
    )
