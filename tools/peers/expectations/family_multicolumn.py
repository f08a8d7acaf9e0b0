"""More columns, row by row."""

MISSING = [None, "all_values_are_missing", "any_value_is_missing", "never"]
LISTS = [["a", "b"], ["a", "b", "c"], ["x", "y"], ["x", "y", "z"], ["from", "until"], ["p", "q"], ["a", "x"], ["a"], []]


def write(book):
    unique, within, equal, total, older = (
        "expect_compound_columns_to_be_unique",
        "expect_select_column_values_to_be_unique_within_record",
        "expect_multicolumn_values_to_be_equal",
        "expect_multicolumn_sum_to_equal",
        "expect_multicolumn_values_to_be_unique",
    )
    for missing in MISSING:
        more = {} if missing is None else {"ignore_row_if": missing}
        for type in (unique, within, equal):
            for listed in LISTS:
                book(type, "pairs", f"{listed} {missing}", column_list=listed, **more)
        for listed in LISTS:
            book(total, "pairs", f"{listed} {missing}", column_list=listed, sum_total=7, **more)
    for type, kwargs in ((unique, {}), (within, {}), (equal, {}), (total, {"sum_total": 2})):
        for mostly in (0.1, 0.2, 0.3, 0.5, 0.7, 0.9):
            book(type, "pairs", f"mostly {mostly}", column_list=["a", "b"], mostly=mostly, **kwargs)
        for table, listed in (
            ("empty", ["id", "rank"]),
            ("single", ["id", "rank"]),
            ("nulls", ["number", "whole"]),
            ("nulls", ["half", "number"]),
            ("odd", ["Case", "Fall"]),
            ("odd", ["select", 'say "hi"']),
            ("mixed", ["grade", "active"]),
            ("mixed", ["rank", "constant"]),
            ("sequences", ["ties", "broken"]),
            ("pairs", ["a", "absent"]),
            ("pairs", ["a", "a"]),
        ):
            book(type, table, f"{listed}", column_list=listed, **kwargs)
    for value in (2, 2.0, 0.3, 14, "2", None):
        book(total, "pairs", f"total {value!r}", column_list=["a", "b"], sum_total=value)
        book(total, "pairs", f"total of floats {value!r}", column_list=["p", "q"], sum_total=value)
    book(older, "pairs", "the older name", column="a", column_list=["a", "b"])
    book(older, "pairs", "the older name, without a column", column_list=["a", "b"])
    book(equal, "pairs", "another rule for nulls", column_list=["a", "b"], ignore_row_if="neither")
