"""Records what Frictionless and pandera say of small tables under small schemas: does the table meet the schema?

Usage, with the pins of tools/peers/requirements-data.txt:
    python tools/peers/record-schemas.py > packages/data/test/fixtures/schemas.json
"""
import importlib.metadata
import json
import os
import tempfile
import warnings

warnings.simplefilter("ignore")

import frictionless  # noqa: E402
import pandas  # noqa: E402
import pandera.pandas as pandera  # noqa: E402

GOOD = "id,name,size\n1,ada,10\n2,bob,20\n3,cyd,30\n"
TABLES = {
    "good": GOOD,
    "order": "name,id,size\nada,1,10\nbob,2,20\ncyd,3,30\n",
    "gap": GOOD.replace("bob", ""),
    "twice": GOOD.replace("3,cyd", "2,cyd"),
    "pair": GOOD + "3,cyd,40\n",
    "low": GOOD.replace(",10", ",0"),
    "high": GOOD.replace(",30", ",300"),
    "long": GOOD.replace("cyd", "cydonia"),
    "upper": GOOD.replace("cyd", "Cyd"),
    "text": GOOD.replace(",20", ",many"),
}
FIELDS = [{"name": "id", "type": "integer"}, {"name": "name", "type": "string"}, {"name": "size", "type": "integer"}]


def table_schema(column=None, **more):
    constraints = more.pop("constraints", None)
    return {"fields": [{**field, **({"constraints": constraints} if field["name"] == column else {})} for field in FIELDS], **more}


SCHEMAS = {
    "types": table_schema(),
    "required": table_schema("name", constraints={"required": True}),
    "unique": table_schema("id", constraints={"unique": True}),
    "minimum": table_schema("size", constraints={"minimum": 1}),
    "maximum": table_schema("size", constraints={"maximum": 100}),
    "minLength": table_schema("name", constraints={"minLength": 3}),
    "maxLength": table_schema("name", constraints={"maxLength": 3}),
    "pattern": table_schema("name", constraints={"pattern": "[a-z]+"}),
    "part of a pattern": table_schema("name", constraints={"pattern": "[a-z]"}),
    "enum": table_schema("name", constraints={"enum": ["ada", "bob", "cyd"]}),
    "enum of numbers": table_schema("size", constraints={"enum": [10, 20, 30]}),
    "primaryKey": table_schema(primaryKey="id"),
    "primaryKey of two": table_schema(primaryKey=["id", "name"]),
}
Check, Column = pandera.Check, pandera.Column
COLUMNS = {
    "types": {},
    "nullable": {"name": Column(str, nullable=True)},
    "unique": {"id": Column(int, unique=True)},
    "ge": {"size": Column(int, Check.ge(1))},
    "gt": {"size": Column(int, Check.gt(10))},
    "le": {"size": Column(int, Check.le(100))},
    "lt": {"size": Column(int, Check.lt(30))},
    "in_range": {"size": Column(int, Check.in_range(10, 30, include_max=False))},
    "isin": {"name": Column(str, Check.isin(["ada", "bob", "cyd"]), nullable=True)},
    "notin": {"name": Column(str, Check.notin(["Cyd"]), nullable=True)},
    "not_equal_to": {"size": Column(int, Check.ne(0))},
    "str_matches": {"name": Column(str, Check.str_matches("[a-z]"), nullable=True)},
    "str_contains": {"name": Column(str, Check.str_contains("d"), nullable=True)},
    "str_startswith": {"name": Column(str, Check.str_startswith("c"), nullable=True)},
    "str_endswith": {"name": Column(str, Check.str_endswith("d"), nullable=True)},
    "str_length": {"name": Column(str, Check.str_length(1, 3), nullable=True)},
}


def frictionless_says(schema, text):
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "table.csv"), "w", encoding="utf-8") as file:
            file.write(text)
        resource = frictionless.Resource(path="table.csv", basepath=folder, schema=frictionless.Schema.from_descriptor(schema))
        return resource.validate().valid


def pandera_says(schema, text):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "table.csv")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        try:
            schema.validate(pandas.read_csv(path), lazy=True)
            return True
        except pandera.errors.SchemaErrors:
            return False


def main():
    cases = [{"peer": "frictionless", "name": name, "schema": json.dumps(schema), "valid": {table: frictionless_says(schema, text) for table, text in TABLES.items()}}
             for name, schema in SCHEMAS.items()]
    for name, columns in COLUMNS.items():
        schema = pandera.DataFrameSchema({"id": Column(int), "name": Column(str, nullable=True), "size": Column(int)} | columns, strict=True, ordered=True)
        for written in (schema.to_yaml(), schema.to_json()):
            cases.append({"peer": "pandera", "name": name, "schema": written, "valid": {table: pandera_says(schema, text) for table, text in TABLES.items()}})
    schema = pandera.DataFrameSchema({"id": Column(int), "name": Column(str, nullable=True), "size": Column(int)}, unique=["id", "name"])
    cases.append({"peer": "pandera", "name": "unique together", "schema": schema.to_yaml(), "valid": {table: pandera_says(schema, text) for table, text in TABLES.items()}})
    print(json.dumps({"frictionless": frictionless.__version__, "pandera": importlib.metadata.version("pandera"), "pandas": pandas.__version__, "tables": TABLES, "cases": cases}, indent=2))


if __name__ == "__main__":
    main()
