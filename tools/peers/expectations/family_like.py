"""SQL's LIKE: the pandas engine has none."""


def write(book):
    yes, no = "expect_column_values_to_match_like_pattern", "expect_column_values_to_not_match_like_pattern"
    for pattern in ("AB%", "ab%", "%123", "AB_123", "%", "", "_", "__-___", "AB\\_123", "AB!_123", "%é%", "Ä%", "a\\b", "%\n"):
        for type in (yes, no):
            book(type, "texts", repr(pattern), column="code", like_pattern=pattern)
    for type in (yes, no):
        for escape in ("!", "\\", "", "!!"):
            book(type, "texts", f"escape {escape!r}", column="code", like_pattern="AB!_123" if "!" in escape else "AB\\_123", escape=escape)
        for table, column in (("empty", "grade"), ("single", "grade"), ("nulls", "text"), ("mixed", "rank"), ("mixed", "score")):
            book(type, table, column, column=column, like_pattern="a%")
        for mostly in (0.2, 0.5, 0.9):
            book(type, "texts", f"mostly {mostly}", column="code", like_pattern="AB%", mostly=mostly)
    yes, no = yes + "_list", no + "_list"
    for patterns in (["AB%", "%123"], ["X%"], ["zz"], [], ["AB!_%", "a%"]):
        book(no, "texts", f"{patterns}", column="code", like_pattern_list=patterns)
        book(no, "texts", f"{patterns}, escape", column="code", like_pattern_list=patterns, escape="!")
        for match_on in (None, "any", "all"):
            book(
                yes,
                "texts",
                f"{patterns} {match_on}",
                column="code",
                like_pattern_list=patterns,
                **({} if match_on is None else {"match_on": match_on}),
            )
        book(yes, "texts", f"{patterns}, escape", column="code", like_pattern_list=patterns, escape="!")
    for type in (yes, no):
        for table in ("empty", "single"):
            book(type, table, "grade", column="grade", like_pattern_list=["a%", "b%"])
        book(type, "texts", "mostly", column="code", like_pattern_list=["AB%", "X%"], mostly=0.6)
