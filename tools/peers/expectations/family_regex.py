"""Python's regular expressions: searched for, not matched at the start."""

PATTERNS = [
    "AB-\\d+",
    "^AB-\\d+$",
    "^AB-\\d{3}$",
    "\\AAB-\\d{3}\\Z",
    "AB-\\d{3}\\Z",
    "(?i)^ab-",
    "^[A-Z]{2}-",
    "^\\w+-\\d+$",
    "(?P<letters>[A-Z]+)-(?P<digits>\\d+)",
    "^(?=.*\\d)(?=.*[A-Z]).+$",
    "^(?!AB).*$",
    "(?<=AB-)12",
    "(?<!X)AB",
    "(AB).*\\1",
    "(?P<a>AB).*(?P=a)",
    "",
    "^$",
    ".",
    "\\s",
    "(?s).*",
    "(?m)^AB",
    "(?x) AB - \\d+ # digits",
    "^AB-\\d++$",
    "[^\\W\\d_]+",
    "\\bAB\\b",
    "a\\\\b",
    "^(AB-\\d{3}\\s?)+$",
    "(",
    "[[:alpha:]]",
    "\\p{L}",
    "*",
    "Ä",
    "[À-ÿ]",
]


def write(book):
    yes, no = "expect_column_values_to_match_regex", "expect_column_values_to_not_match_regex"
    for pattern in PATTERNS:
        for type in (yes, no):
            book(type, "texts", repr(pattern), column="code", regex=pattern)
    for type in (yes, no):
        for table, column, pattern in (
            ("mixed", "rank", "^\\d$"),
            ("mixed", "score", "^2\\.0$"),
            ("mixed", "score", "^2$"),
            ("mixed", "age", "^34$"),
            ("mixed", "age", "^34\\.0$"),
            ("mixed", "active", "^True$"),
            ("mixed", "active", "^1$"),
            ("mixed", "born", "^\\d{4}-\\d{2}-\\d{2}$"),
            ("mixed", "seen", "^\\d{4}-\\d{2}-\\d{2}$"),
            ("mixed", "seen", "^\\d{4}-\\d{2}-\\d{2} \\d{2}:"),
            ("mixed", "price", "^10\\.00$"),
            ("mixed", "name", "^\\w+$"),
            ("mixed", "name", "(?a)^\\w+$"),
            ("empty", "grade", "^a$"),
            ("single", "grade", "^a$"),
            ("nulls", "text", "^a$"),
            ("nulls", "number", "nan"),
            ("infinite", "value", "inf"),
            ("infinite", "value", "^-0\\.0$"),
            ("texts", "mail", "^[^@\\s]+@[^@\\s]+\\.[a-z]+$"),
            ("numbers", "cost", "^\\d+\\.\\d\\d$"),
            ("infinite", "value", "e\\+308"),
        ):
            book(type, table, f"{column} {pattern!r}", column=column, regex=pattern)
        for mostly in (0.1, 0.5, 0.6, 0.9):
            book(type, "texts", f"mostly {mostly}", column="code", regex="^AB-\\d", mostly=mostly)
    book(yes, "texts", "no pattern", column="code")
    lists(book)


def lists(book):
    yes, no = "expect_column_values_to_match_regex_list", "expect_column_values_to_not_match_regex_list"
    for patterns in (["^AB", "123"], ["^AB", "^ab", "^Ä"], ["^zz", "^yy"], ["(?=.*1)"], [], ["("]):
        book(no, "texts", f"{patterns}", column="code", regex_list=patterns)
        for match_on in (None, "any", "all"):
            book(
                yes,
                "texts",
                f"{patterns} {match_on}",
                column="code",
                regex_list=patterns,
                **({} if match_on is None else {"match_on": match_on}),
            )
    for type in (yes, no):
        for table, column in (("empty", "grade"), ("single", "grade"), ("nulls", "text"), ("mixed", "rank")):
            book(type, table, column, column=column, regex_list=["^a$", "^1$"])
        for mostly in (0.2, 0.5, 0.9):
            book(type, "texts", f"mostly {mostly}", column="code", regex_list=["^AB", "^X"], mostly=mostly)
    book(yes, "texts", "match_on of another kind", column="code", regex_list=["a"], match_on="some")
