"""Values and lengths between bounds, uniqueness, nulls."""

import datetime

STRICT = [{}, {"strict_min": True}, {"strict_max": True}, {"strict_min": True, "strict_max": True}]


def write(book):
    between = "expect_column_values_to_be_between"
    for bounds in ({"min_value": 2, "max_value": 10}, {"min_value": 2}, {"max_value": 10}):
        for strict in STRICT:
            for column in ("score", "rank", "age"):
                book(between, "mixed", f"{column} {bounds} {strict}".replace("'", ""), column=column, **bounds, **strict)
    for mostly in (0, 0.5, 0.59, 0.6, 0.61, 0.7, 0.9, 1):
        book(between, "mixed", f"mostly {mostly}", column="score", min_value=2, max_value=8, mostly=mostly)
    for note, table, column, low, high in [
        ("dates as text", "mixed", "born", "1980-01-01", "1999-12-31"),
        ("dates", "mixed", "born", datetime.date(1980, 1, 1), datetime.date(1999, 12, 31)),
        ("timestamps as text", "mixed", "seen", "2024-01-01", "2024-03-01"),
        ("timestamps, loose text", "mixed", "seen", "Jan 1 2024", "1 March 2024 10:00"),
        ("timestamps", "mixed", "seen", datetime.datetime(2024, 1, 1), datetime.datetime(2024, 6, 1, 8)),
        ("decimals", "mixed", "price", 0.1, 10),
        ("text", "mixed", "grade", "a", "c"),
        ("text and numbers", "mixed", "grade", 1, 3),
        ("numbers and text", "mixed", "rank", "1", "3"),
        ("booleans", "mixed", "active", 0, 1),
        ("unicode", "mixed", "name", "A", "Z"),
        ("wrong way round", "mixed", "rank", 5, 2),
        ("equal", "mixed", "constant", 7, 7),
        ("empty", "empty", "score", 0, 1),
        ("single", "single", "score", 0, 1),
        ("all null", "nulls", "number", 0, 1),
        ("infinities", "infinite", "value", 0, 2),
        ("small floats", "infinite", "tiny", 0.1, 0.3),
        ("beyond 2^53", "numbers", "big", 2**53 + 1, 2**53 + 3),
        ("no such column", "mixed", "absent", 0, 1),
        ("odd name", "odd", 'say "hi"', 0, 2),
        ("odd name", "odd", "first name", "a", "a"),
        ("text of dates", "texts", "date", "2024-01-01", "2024-12-31"),
    ]:
        book(between, table, note, column=column, min_value=low, max_value=high)
    book(between, "mixed", "no bounds", column="rank")
    book(between, "mixed", "null bounds", column="rank", min_value=None, max_value=None)
    book(between, "mixed", "parse_strings_as_datetimes", column="seen", min_value="2024-01-01", parse_strings_as_datetimes=True)
    book(between, "mixed", "mostly beyond one", column="rank", min_value=1, mostly=1.5)
    lengths(book)
    unique_and_null(book)


def lengths(book):
    between, equal = "expect_column_value_lengths_to_be_between", "expect_column_value_lengths_to_equal"
    for bounds in (
        {"min_value": 1, "max_value": 5},
        {"min_value": 3},
        {"max_value": 3},
        {"min_value": 3, "max_value": 3},
        {"min_value": 0},
        {"min_value": 3.5},
        {},
    ):
        for strict in STRICT if len(bounds) == 2 else STRICT[:3]:
            book(between, "mixed", f"{bounds} {strict}".replace("'", ""), column="name", **bounds, **strict)
    for type, kwargs in ((between, {"min_value": 1, "max_value": 1}), (equal, {"value": 1})):
        for table, column in (
            ("mixed", "grade"),
            ("mixed", "rank"),
            ("mixed", "score"),
            ("mixed", "born"),
            ("mixed", "active"),
            ("empty", "grade"),
            ("single", "grade"),
            ("nulls", "text"),
            ("texts", "word"),
            ("odd", "Fall"),
        ):
            book(type, table, column, column=column, **kwargs)
        for mostly in (0.5, 0.9):
            book(type, "texts", f"mostly {mostly}", column="word", **kwargs, mostly=mostly)
    for value in (0, 3, 3.0, 5, 7, -1):
        book(equal, "mixed", f"{value}", column="name", value=value)
        book(equal, "texts", f"{value}", column="word", value=value)


def unique_and_null(book):
    unique, null, full = "expect_column_values_to_be_unique", "expect_column_values_to_be_null", "expect_column_values_to_not_be_null"
    for type in (unique, null, full):
        for table, columns in (
            ("mixed", ["id", "score", "rank", "grade", "name", "born", "seen", "active", "price", "constant"]),
            ("empty", ["grade", "id"]),
            ("single", ["grade"]),
            ("nulls", ["number", "text", "half"]),
            ("infinite", ["value"]),
            ("odd", ["Fall", "first name", "a.b"]),
            ("texts", ["word"]),
            ("pairs", ["p"]),
        ):
            for column in columns:
                book(type, table, column, column=column)
        for mostly in (0.0, 0.1, 0.16666, 0.1667, 0.5, 0.75, 0.8333, 0.8334, 0.9, 1.0):
            book(type, "mixed", f"mostly {mostly}", column="score", mostly=mostly)
        book(type, "nulls", "mostly, all null", column="text", mostly=0.5)
        book(type, "empty", "mostly, no rows", column="text", mostly=0.5)
        book(type, "empty", "mostly, no rows", column="grade", mostly=0.5)
