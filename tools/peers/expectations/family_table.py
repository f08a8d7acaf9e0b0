"""What is said of a table: its columns, and how many rows."""


def write(book):
    columns = ["key", "up", "ties", "down", "broken", "holes", "day", "at", "word"]
    for table in ("mixed", "empty", "single", "sequences", "people"):
        for value in (0, 1, 12, 11):
            book("expect_table_row_count_to_equal", table, f"{value}", value=value)
            book("expect_table_column_count_to_equal", table, f"{value}", value=value)
        for kwargs in ({"min_value": 1}, {"max_value": 11}, {"min_value": 12, "max_value": 12}, {}, {"min_value": 0, "max_value": 0}):
            book("expect_table_row_count_to_be_between", table, f"{kwargs}".replace("'", ""), **kwargs)
            book("expect_table_column_count_to_be_between", table, f"{kwargs}".replace("'", ""), **kwargs)
    for kwargs in (
        {"min_value": 12, "strict_min": True},
        {"max_value": 12, "strict_max": True},
        {"min_value": 11, "max_value": 13, "strict_min": True, "strict_max": True},
        {"min_value": 13, "max_value": 3},
        {"min_value": 11.5},
        {"min_value": "1"},
    ):
        book("expect_table_row_count_to_be_between", "mixed", f"{kwargs}".replace("'", ""), **kwargs)
    for value in (12.0, 12.5, "12", None, True):
        book("expect_table_row_count_to_equal", "mixed", f"malformed {value!r}", value=value)
        book("expect_table_column_count_to_equal", "mixed", f"malformed {value!r}", value=value)
    ordered, matching = "expect_table_columns_to_match_ordered_list", "expect_table_columns_to_match_set"
    for note, listed in [
        ("the same", columns),
        ("other order", columns[::-1]),
        ("one fewer", columns[:-1]),
        ("one more", [*columns, "more"]),
        ("one other", [*columns[:-1], "other"]),
        ("swapped", ["up", "key", *columns[2:]]),
        ("none", []),
        ("null", None),
        ("other case", [name.upper() for name in columns]),
        ("one twice", [*columns, "key"]),
        ("first ones twice", ["key", "key", *columns[1:]]),
    ]:
        book(ordered, "sequences", note, column_list=listed)
        for exact in (None, True, False):
            book(matching, "sequences", f"{note}, exact {exact}", column_set=listed, **({} if exact is None else {"exact_match": exact}))
    book(ordered, "odd", "odd names", column_list=["first name", "select", 'say "hi"', "größe", "Case", "Fall", "a.b"])
    exist = "expect_column_to_exist"
    for name in ("key", "KEY", "absent", "word", ""):
        book(exist, "sequences", repr(name), column=name)
        for index in (0, 8, 1, -1, 99):
            book(exist, "sequences", f"{name!r} at {index}", column=name, column_index=index)
    for name in ("first name", 'say "hi"', "größe", "Fall", "fall", "a.b"):
        book(exist, "odd", repr(name), column=name)
    book(exist, "empty", "no rows", column="grade")
