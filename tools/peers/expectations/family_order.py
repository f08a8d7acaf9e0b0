"""Increasing and decreasing."""


def write(book):
    for type in ("expect_column_values_to_be_increasing", "expect_column_values_to_be_decreasing"):
        for strictly in (None, False, True):
            more = {} if strictly is None else {"strictly": strictly}
            for column in ("up", "ties", "down", "broken", "holes", "day", "at", "word"):
                book(type, "sequences", f"{column} {strictly}", column=column, **more)
            for table, column in (
                ("empty", "rank"),
                ("single", "rank"),
                ("nulls", "number"),
                ("nulls", "half"),
                ("mixed", "constant"),
                ("mixed", "price"),
                ("mixed", "active"),
                ("infinite", "value"),
                ("numbers", "big"),
            ):
                book(type, table, f"{column} {strictly}", column=column, **more)
        for mostly in (0.5, 0.7, 0.85, 0.95):
            book(type, "sequences", f"mostly {mostly}", column="broken", mostly=mostly)
            book(type, "sequences", f"holes, mostly {mostly}", column="holes", mostly=mostly)
        book(type, "sequences", "parse_strings_as_datetimes", column="day", parse_strings_as_datetimes=True)
