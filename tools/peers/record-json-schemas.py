"""Records which texts fit which JSON Schema by Great Expectations' `expect_column_values_to_match_json_schema`, which asks Python's
`jsonschema`: drafts 4 to 2020-12 by `$schema`, patterns of Python's `re`.

Usage, from the root of the repository, with the pins of requirements-data.txt:
    python tools/peers/record-json-schemas.py
"""

import json
import os
import warnings
from importlib.metadata import version

os.environ["GX_ANALYTICS_ENABLED"] = "false"
warnings.simplefilter("ignore")

import great_expectations as gx  # noqa: E402
import pandas  # noqa: E402

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
OUT = os.path.join(ROOT, "packages", "data", "test", "fixtures", "json-schemas.json")
DRAFTS = {
    4: "http://json-schema.org/draft-04/schema#",
    6: "http://json-schema.org/draft-06/schema#",
    7: "http://json-schema.org/draft-07/schema#",
    2019: "https://json-schema.org/draft/2019-09/schema",
    2020: "https://json-schema.org/draft/2020-12/schema",
}
NUMBERS = ["1", "2", "2.5", "-1", "0", "true", '"1"', "null", "[1]", '{"a":1}', "3", "10"]
TEXTS = ['""', '"a"', '"A1"', '"abc"', '"é"', '"ab\\n"', '"\\u0664"', '"a b"', "1", "null", '"aaaa"', '"x-1"', '"ſ"']
OBJECTS = ["{}", '{"a":1}', '{"b":1}', '{"a":1,"b":2}', '{"ab":1}', '{"x-1":"t"}', '{"x-1":1,"a":2}', "[]", '"a"', '{"a":null,"é":1}', '{"c":{"a":"zz"}}']
LISTS = ["[]", "[1]", "[1,2]", "[1,1]", '["a",1]', '["a",1,true]', "[1,true]", "[[1],[true]]", "[{}]", '["a","b","c"]', "1", "[1,2,3]", '[{"a":1},{"a":1}]']

CASES = [
    ([4], {"minimum": 1, "exclusiveMinimum": True}, NUMBERS),
    ([4], {"maximum": 2, "exclusiveMaximum": False}, NUMBERS),
    ([4, 6, 7, 2019, 2020], {"type": "integer"}, [one for one in NUMBERS if "." not in one or one == "2.5"]),
    ([6, 7, 2019, 2020], {"type": "integer"}, ["1.0", "2.50", "1e2", "-0.0"]),
    ([4, 6, 7, 2019, 2020], {"type": "number", "multipleOf": 2.5}, NUMBERS),
    ([6, 7, 2019, 2020], {"exclusiveMinimum": 1, "exclusiveMaximum": 10}, NUMBERS),
    ([4, 6, 7, 2019, 2020], {"enum": [1, "1", None, [1], {"a": True}]}, NUMBERS + ['{"a":true}', "[true]"]),
    ([6, 7, 2019, 2020], {"const": {"a": 1}}, NUMBERS + ['{"a":true}', '{"a":1.0}']),
    ([4, 6, 7, 2019, 2020], {"pattern": "a"}, TEXTS),
    ([4, 6, 7, 2019, 2020], {"type": "string", "pattern": r"^\w+$"}, TEXTS),
    ([7, 2020], {"pattern": r"^\d$"}, TEXTS),
    ([7, 2020], {"pattern": r"\Aab\Z"}, TEXTS),
    ([7, 2020], {"pattern": "b$"}, TEXTS),
    ([7, 2020], {"pattern": r"^(?=.*\d)(?!x).+$"}, TEXTS),
    ([7, 2020], {"pattern": r"(?i)^S$"}, TEXTS + ['"s"', '"S"']),
    ([7, 2020], {"pattern": r"(?P<one>a)(?P=one)"}, TEXTS),
    ([7, 2020], {"pattern": r"(?<!a)b"}, TEXTS + ['"b"']),
    ([7, 2020], {"pattern": "^[^a]*$"}, TEXTS),
    ([4, 7, 2019, 2020], {"anyOf": [{"pattern": "^a"}, {"pattern": "c$"}, {"type": "null"}]}, TEXTS),
    ([4, 7, 2019, 2020], {"oneOf": [{"pattern": "a"}, {"pattern": "c"}]}, TEXTS),
    ([4, 7, 2019, 2020], {"not": {"pattern": "a"}}, TEXTS),
    ([4, 7, 2019, 2020], {"allOf": [{"pattern": "^a"}, {"minLength": 2}, {"pattern": "^.{1,3}$"}]}, TEXTS),
    ([4, 6, 7, 2019, 2020], {"patternProperties": {"^x-": {"type": "string"}}}, OBJECTS),
    ([4, 6, 7, 2019, 2020], {"patternProperties": {"^[a-c]$": {}}, "additionalProperties": False}, OBJECTS),
    ([4, 6, 7, 2019, 2020], {"properties": {"a": {}}, "patternProperties": {"^x-": {}, "b": {"minimum": 2}}, "additionalProperties": {"type": "object"}}, OBJECTS),
    ([6, 7, 2019, 2020], {"propertyNames": {"pattern": r"^\w$"}}, OBJECTS),
    ([2019, 2020], {"patternProperties": {"^x-": True}, "properties": {"a": True}, "unevaluatedProperties": False}, OBJECTS),
    ([7, 2020], {"additionalProperties": {"additionalProperties": {"pattern": "^z+$"}}}, OBJECTS),
    ([4, 6, 7], {"dependencies": {"a": ["b"]}}, OBJECTS),
    ([4, 6, 7], {"dependencies": {"a": {"required": ["b"]}}}, OBJECTS),
    ([2019, 2020], {"dependentRequired": {"a": ["b"]}, "dependentSchemas": {"b": {"minProperties": 2}}}, OBJECTS),
    ([4, 6, 7, 2019], {"items": [{"type": "string"}, {"type": "integer"}], "additionalItems": False}, LISTS),
    ([4, 6, 7, 2019, 2020], {"items": {"type": "integer"}, "minItems": 1, "uniqueItems": True}, LISTS),
    ([4, 6, 7, 2019, 2020], {"uniqueItems": True}, LISTS),
    ([2020], {"prefixItems": [{"type": "string"}], "items": {"pattern": "^[bc]$"}}, LISTS),
    ([6, 7, 2019, 2020], {"contains": {"pattern": "b"}}, LISTS),
    ([2019, 2020], {"contains": {"type": "integer"}, "minContains": 2, "maxContains": 2}, LISTS),
    ([4], {"id": "https://example.invalid/a", "definitions": {"s": {"type": "string", "pattern": "^a"}}, "items": {"$ref": "#/definitions/s"}}, LISTS),
    ([6, 7, 2019, 2020], {"definitions": {"s": {"type": "string", "pattern": "^a"}}, "items": {"$ref": "#/definitions/s"}}, LISTS),
    ([7, 2019, 2020], {"if": {"pattern": "^a"}, "then": {"maxLength": 1}, "else": {"type": "string"}}, TEXTS),
    ([4, 6, 7, 2019, 2020], {"type": ["string", "null"], "minLength": 1, "maxLength": 1}, TEXTS + ['"😀"']),
    ([4, 6, 7, 2019, 2020], {"required": ["a"], "minProperties": 2}, OBJECTS),
]
# `$schema` is left out, or is of no draft.
BARE = [({"pattern": "^a"}, TEXTS), ({"prefixItems": [{"type": "string"}]}, LISTS), ({"dependentRequired": {"a": ["b"]}}, OBJECTS)]


def fits(schema, texts):
    context = gx.get_context(mode="ephemeral")
    frame = pandas.DataFrame({"text": texts})
    batch = context.data_sources.add_pandas("p").add_dataframe_asset("a").add_batch_definition_whole_dataframe("b").get_batch({"dataframe": frame})
    asked = gx.expectations.ExpectColumnValuesToMatchJsonSchema(column="text", json_schema=schema)
    found = batch.validate(asked, result_format={"result_format": "COMPLETE"}).to_json_dict()
    if found["exception_info"].get("raised_exception", True):
        return None
    bad = set(found["result"]["unexpected_index_list"] or [])
    return [index not in bad for index in range(len(texts))]


def main():
    lines = []
    every = [({"$schema": DRAFTS[draft], **schema}, texts) for drafts, schema, texts in CASES for draft in drafts]
    for schema, texts in every + BARE:
        lines.append({"schema": schema, "texts": texts, "fits": fits(schema, texts)})
    head = {name: version(name) for name in ("great_expectations", "jsonschema", "pandas")}
    with open(OUT, "w", encoding="utf-8") as out:
        out.write("{\n")
        for key, value in head.items():
            out.write(f" {json.dumps(key)}: {json.dumps(value)},\n")
        rows = [" " + json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in lines]
        out.write(' "cases": [\n' + ",\n".join(rows) + "\n ]\n}\n")
    print(len(lines), "cases,", sum(line["fits"] is None for line in lines), "errors")


main()
