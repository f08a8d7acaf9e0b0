"""JSON, JSON Schema, dateutil and strftime."""

SCHEMAS = [
    {"type": "object"},
    {"type": "object", "required": ["a"]},
    {"type": "object", "properties": {"a": {"type": "integer"}}},
    {"type": ["object", "array", "number", "string", "null"]},
    True,
    {"type": "number"},
    {"type": "nothing"},
    {"$schema": "http://json-schema.org/draft-07/schema#", "type": "object", "additionalProperties": False, "properties": {"a": {}}},
]
FORMATS = [
    "%Y-%m-%d",
    "%d/%m/%Y",
    "%Y%m%d",
    "%b %d %Y",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%I:%M %p",
    "%y",
    "%j",
    "%H",
    "%Y-%m-%dT%H:%M:%S%z",
    "%Q",
    "%%",
    "",
    "%Y-%m-%d%%",
    "%c",
    "%x",
    "%U",
    "%f",
]


def write(book):
    dates(book)
    for table, column in (
        ("texts", "json"),
        ("texts", "number"),
        ("texts", "word"),
        ("mixed", "rank"),
        ("mixed", "active"),
        ("mixed", "born"),
        ("empty", "grade"),
        ("single", "grade"),
        ("nulls", "text"),
    ):
        book("expect_column_values_to_be_json_parseable", table, column, column=column)
    for mostly in (0.5, 0.7, 0.8, 0.9):
        book("expect_column_values_to_be_json_parseable", "texts", f"mostly {mostly}", column="json", mostly=mostly)
    schema = "expect_column_values_to_match_json_schema"
    for number, one in enumerate(SCHEMAS):
        book(schema, "texts", f"some is no JSON, schema {number}", column="json", json_schema=one)
        book(
            schema,
            "texts",
            f"rows that are JSON, schema {number}",
            column="json",
            json_schema=one,
            row_condition="key in [1, 2, 3, 4, 5, 10, 11, 12, 13]",
            condition_parser="pandas",
        )
    book(
        schema,
        "texts",
        "mostly",
        column="json",
        json_schema={"type": "object"},
        mostly=0.5,
        row_condition="key in [1, 2, 3, 4, 5, 10, 11, 12, 13]",
        condition_parser="pandas",
    )
    for table, column in (("empty", "grade"), ("single", "grade"), ("nulls", "text")):
        book(schema, table, column, column=column, json_schema={"type": "object"})


def dates(book):
    parse, format = "expect_column_values_to_be_dateutil_parseable", "expect_column_values_to_match_strftime_format"
    for one in FORMATS:
        book(format, "texts", repr(one), column="date", strftime_format=one)
    for mostly in (0.1, 0.2, 0.5):
        book(format, "texts", f"mostly {mostly}", column="date", strftime_format="%Y-%m-%d", mostly=mostly)
    for table, column in (
        ("texts", "date"),
        ("texts", "word"),
        ("texts", "number"),
        ("texts", "code"),
        ("mixed", "born"),
        ("mixed", "seen"),
        ("mixed", "rank"),
        ("mixed", "grade"),
        ("people", "born"),
        ("empty", "grade"),
        ("single", "grade"),
        ("nulls", "text"),
        ("nulls", "number"),
    ):
        book(parse, table, column, column=column)
        book(format, table, column, column=column, strftime_format="%Y-%m-%d")
    for mostly in (0.5, 0.7, 0.8, 0.9):
        book(parse, "texts", f"mostly {mostly}", column="date", mostly=mostly)
