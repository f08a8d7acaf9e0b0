"""Values in sets, and distinct values."""

import datetime

DATES = ["1990-01-31", "1985-12-01"]


def write(book):
    inside, outside = "expect_column_values_to_be_in_set", "expect_column_values_to_not_be_in_set"
    for type in (inside, outside):
        for table in ("mixed", "empty", "single"):
            book(type, table, "letters", column="grade", value_set=["a", "b"])
        for mostly in (0.0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0):
            book(type, "mixed", f"mostly {mostly}", column="grade", value_set=["a", "b"], mostly=mostly)
        book(type, "mixed", "everything", column="grade", value_set=["a", "b", "c", "d", "é"])
        book(type, "mixed", "none of them", column="grade", value_set=["zz"])
        book(type, "mixed", "empty set", column="grade", value_set=[])
        book(type, "mixed", "null in the set", column="grade", value_set=["a", None])
        book(type, "mixed", "whole numbers", column="rank", value_set=[1, 2, 3])
        book(type, "mixed", "floats for whole numbers", column="rank", value_set=[1.0, 2.0, 3.5])
        book(type, "mixed", "strings for numbers", column="rank", value_set=["1", "2", "3"])
        book(type, "mixed", "numbers for strings", column="grade", value_set=[1, 2])
        book(type, "mixed", "strings and numbers", column="rank", value_set=["1", 2, 3])
        book(type, "mixed", "floats", column="score", value_set=[2.0, 1.5, 100.5])
        book(type, "mixed", "whole numbers for floats", column="score", value_set=[2, 10])
        book(type, "mixed", "nullable whole numbers", column="age", value_set=[34, 18])
        book(type, "mixed", "booleans", column="active", value_set=[True])
        book(type, "mixed", "numbers for booleans", column="active", value_set=[1])
        book(type, "mixed", "strings for booleans", column="active", value_set=["True"])
        book(type, "mixed", "dates as text", column="born", value_set=DATES)
        book(type, "mixed", "dates", column="born", value_set=[datetime.date(1990, 1, 31)])
        book(type, "mixed", "timestamps as text", column="seen", value_set=["2024-01-02T12:30:00", "2024-06-01 08:00:00"])
        book(type, "mixed", "decimals as numbers", column="price", value_set=[10, 0.1])
        book(type, "mixed", "unicode", column="name", value_set=["Björn", "李雷", "😀 smile", "Émile"])
        book(type, "nulls", "all null", column="text", value_set=["a"])
        book(type, "nulls", "mostly, all null", column="text", value_set=["a"], mostly=0.5)
        book(type, "infinite", "infinities", column="value", value_set=[0, 1])
        book(type, "mixed", "no such column", column="absent", value_set=["a"])
    distinct(book)


def distinct(book):
    inside, holds, equal = (f"expect_column_distinct_values_to_{what}_set" for what in ("be_in", "contain", "equal"))
    for type in (inside, holds, equal):
        for note, column, value_set in [
            ("all", "grade", ["a", "b", "c", "d", "é"]),
            ("more", "grade", ["a", "b", "c", "d", "e", "é"]),
            ("fewer", "grade", ["a", "b"]),
            ("other", "grade", ["x"]),
            ("null beside", "grade", ["a", "b", "c", "d", "é", None]),
            ("empty", "grade", []),
            ("numbers", "rank", [1, 2, 3, 5, 8, 9, 10]),
            ("floats", "rank", [1.0, 2.0, 3.0, 5.0, 8.0, 9.0, 10.0]),
            ("text", "rank", ["1", "2", "3", "5", "8", "9", "10"]),
            ("constant", "constant", [7]),
            ("booleans", "active", [True, False]),
            ("only true", "active", [True]),
            ("nullable numbers", "age", [34, 51, 18, 67, 23, 45, 99]),
            ("decimals", "price", [10, 0.1]),
            ("timestamps", "seen", ["2024-01-01T00:00:00"]),
            ("dates", "born", DATES),
            ("scores", "score", [1.5, 2, -3.25, 10, 0, 7.75, 100.5, 4]),
        ]:
            book(type, "mixed", note, column=column, value_set=value_set)
        for table, column in (("empty", "grade"), ("single", "grade"), ("nulls", "text"), ("nulls", "number"), ("nulls", "half")):
            book(type, table, column, column=column, value_set=["a"])
        book(type, "nulls", "half, numbers", column="half", value_set=[1, 2])
        book(type, "infinite", "infinities", column="value", value_set=[1, 0])
    common = "expect_column_most_common_value_to_be_in_set"
    for note, table, column, value_set, ties in [
        ("one", "mixed", "grade", ["a"], None),
        ("another", "mixed", "grade", ["b"], None),
        ("many", "mixed", "grade", ["a", "b"], None),
        ("ties", "mixed", "born", DATES, None),
        ("numbers that tie not", "mixed", "rank", [5], None),
        ("a tie", "sequences", "word", ["b"], None),
        ("a tie, both named", "sequences", "word", ["b", "z"], None),
        ("a tie, okay", "sequences", "word", ["b"], True),
        ("a tie, not okay", "sequences", "word", ["b"], False),
        ("a tie, okay, other", "sequences", "word", ["q"], True),
        ("booleans", "mixed", "active", [True], None),
        ("floats", "mixed", "score", [2], None),
        ("nullable numbers", "mixed", "age", [34], None),
        ("empty", "empty", "grade", ["a"], None),
        ("all null", "nulls", "text", ["a"], None),
        ("single", "single", "grade", ["a"], None),
        ("decimals", "mixed", "price", [10], None),
        ("empty set", "mixed", "grade", [], None),
        ("timestamps", "mixed", "seen", ["2024-01-02T12:30:00"], True),
        ("all unique", "mixed", "id", [1], True),
    ]:
        book(common, table, note, column=column, value_set=value_set, **({} if ties is None else {"ties_okay": ties}))
    for kwargs in ({}, {"value_set": "a"}, {"value_set": {"a": 1}}, {"value_set": None}):
        book("expect_column_values_to_be_in_set", "mixed", f"malformed {sorted(kwargs)}", column="grade", **kwargs)
