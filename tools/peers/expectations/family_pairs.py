"""Two columns, row by row."""

MISSING = [None, "both_values_are_missing", "either_value_is_missing", "neither"]


def write(book):
    greater, equal, inside = (
        "expect_column_pair_values_a_to_be_greater_than_b",
        "expect_column_pair_values_to_be_equal",
        "expect_column_pair_values_to_be_in_set",
    )
    for missing in MISSING:
        more = {} if missing is None else {"ignore_row_if": missing}
        for a, b in (("a", "b"), ("a", "c"), ("x", "y"), ("x", "z"), ("from", "until"), ("p", "q"), ("a", "x"), ("a", "p")):
            book(equal, "pairs", f"{a} {b} {missing}", column_A=a, column_B=b, **more)
            for or_equal in (None, True, False):
                book(
                    greater,
                    "pairs",
                    f"{a} {b} {missing} or_equal {or_equal}",
                    column_A=a,
                    column_B=b,
                    **more,
                    **({} if or_equal is None else {"or_equal": or_equal}),
                )
        for note, a, b, listed in [
            ("numbers", "a", "b", [[1, 1], [3, 4], [7, 7], [9, 9]]),
            ("letters", "x", "y", [["u", "u"], ["v", "u"]]),
            ("with null", "x", "y", [["u", "u"], [None, "w"], ["w", None], [None, None]]),
            ("floats", "a", "b", [[1.0, 1.0]]),
            ("none", "x", "y", []),
            ("text for numbers", "a", "b", [["1", "1"]]),
        ]:
            book(inside, "pairs", f"{note} {missing}", column_A=a, column_B=b, value_pairs_set=listed, **more)
    for type, kwargs in ((greater, {}), (equal, {}), (inside, {"value_pairs_set": [[1, 1], [7, 7]]})):
        for mostly in (0.1, 0.3, 0.4, 0.5, 0.6, 0.8):
            book(type, "pairs", f"mostly {mostly}", column_A="a", column_B="b", mostly=mostly, **kwargs)
        book(type, "empty", "no rows", column_A="id", column_B="rank", **kwargs)
        book(type, "single", "one row", column_A="id", column_B="rank", **kwargs)
        book(type, "nulls", "all null", column_A="number", column_B="whole", **kwargs)
        book(type, "odd", "odd names", column_A="select", column_B='say "hi"', **kwargs)
        book(type, "pairs", "no such column", column_A="a", column_B="absent", **kwargs)
    book(greater, "pairs", "parse_strings_as_datetimes", column_A="until", column_B="from", parse_strings_as_datetimes=True)
    book(equal, "pairs", "another rule for nulls", column_A="a", column_B="b", ignore_row_if="never")
