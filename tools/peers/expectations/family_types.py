"""Types by name, as pandas, numpy, Python and SQL say them."""

NAMES = [
    "int",
    "int64",
    "int32",
    "Int64",
    "INTEGER",
    "BIGINT",
    "float",
    "float64",
    "FLOAT",
    "DOUBLE",
    "str",
    "object",
    "string",
    "TEXT",
    "VARCHAR",
    "bool",
    "boolean",
    "BOOLEAN",
    "datetime64",
    "datetime64[ns]",
    "datetime",
    "datetime.datetime",
    "Timestamp",
    "date",
    "datetime.date",
    "DATE",
    "TIMESTAMP",
    "Decimal",
    "decimal",
    "DECIMAL",
    "NUMERIC",
    "number",
    "list",
    "dict",
    "NoneType",
    "nonsense",
    "IntegerType",
    "StringType",
]
WIDELY = ["int", "float", "str", "object", "bool", "int64", "Timestamp", "date"]
COLUMNS = ["id", "score", "rank", "age", "grade", "born", "seen", "active", "price"]


def write(book):
    for name in NAMES:
        for column in COLUMNS if name in WIDELY else COLUMNS[::2]:
            book("expect_column_values_to_be_of_type", "mixed", f"{column} {name}", column=column, type_=name)
    for column in COLUMNS:
        for names in (["int", "float"], ["int64", "str"], ["Timestamp", "date"], ["nonsense"], ["nonsense", "str"], [], None):
            book("expect_column_values_to_be_in_type_list", "mixed", f"{column} {names}", column=column, type_list=names)
    for table, column in (
        ("empty", "id"),
        ("empty", "grade"),
        ("single", "grade"),
        ("nulls", "text"),
        ("nulls", "half"),
        ("infinite", "value"),
        ("people", "born"),
        ("people", "age"),
        ("people", "active"),
    ):
        for name in ("int", "float", "str", "object", "float64"):
            book("expect_column_values_to_be_of_type", table, f"{column} {name}", column=column, type_=name)
            book("expect_column_values_to_be_in_type_list", table, f"{column} {name}", column=column, type_list=[name])
            book("expect_column_type_to_be", table, f"{column} {name}", column=column, type_=name)
    for mostly in (0.5, 0.8, 0.9):
        book("expect_column_values_to_be_of_type", "mixed", f"mostly {mostly}", column="grade", type_="str", mostly=mostly)
        book("expect_column_values_to_be_of_type", "mixed", f"mostly {mostly}, float", column="grade", type_="float", mostly=mostly)
    for column in COLUMNS:
        for name in ("int64", "float64", "object", "str", "INTEGER", "BIGINT", "TEXT", "FLOAT", "datetime64[us]", "datetime64[ns]", "bool"):
            book("expect_column_type_to_be", "mixed", f"{column} {name}", column=column, type_=name)
