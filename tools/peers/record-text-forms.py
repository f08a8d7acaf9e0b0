"""What Python makes of texts: datetime.strptime, dateutil.parser, json.loads and jsonschema, and repr of numbers.

Run with the environment of requirements-data.txt; writes packages/data/test/fixtures/text-forms.json.
"""
import json
import os
import random
import struct
import sys

import dateutil
import jsonschema
from datetime import datetime
from dateutil import parser

HERE = os.path.dirname(os.path.abspath(__file__))
draw = random.Random(6)

FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%m/%d/%y", "%Y%m%d", "%b %d %Y", "%B %d, %Y", "%A %d %B %Y", "%a, %d %b %Y %H:%M:%S %z", "%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%SZ", "%H:%M", "%I:%M %p", "%I%p",
           "%j", "%Y %j", "%Y-W%W-%w", "%Y %U %a", "%G-W%V-%u", "%y%m%d", "%d.%m.%Y %H.%M", "%c", "%x", "%X", "%%%Y", "(%Y)", "%Y [%m]", "%d%m", "%H%M%S%f", "%Y  %m", "\t%d", "%z", "%S", "%f", "%m-%d", "%e", "%Q", "%", "%Y-%Y", "%V", "%G", "%Z", "%p", "%-d", "%Y-%m-%d %z", "%D", "%w", "%u %Y", "%U", "%Y %W", "año %Y", "%%c %d"]
TEXTS = ["2024-01-31", "2024-02-29", "2023-02-29", "2024-2-9", "2024-02-30", "0000-01-01", "0001-01-01", "9999-12-31", "31/01/2024", "1/1/2024", "31/04/2024", "02/29/24", "12/31/68", "12/31/69", "20240131", "2024131", "Jan 31 2024", "jan 31 2024", "JAN 1 2024", "January 31, 2024", "May 1, 2024",
         "Wednesday 31 January 2024", "Monday 31 January 2024", "Wed, 31 Jan 2024 10:00:00 +0100", "Wed, 31 Jan 2024 10:00:00 GMT", "2024-01-31T10:00:00.123456+01:00", "2024-01-31T10:00:00.1Z", "2024-01-31T10:00:00.1234567Z", "2024-01-31T10:00:00.5-0030", "2024-01-31T10:00:00.5+24:00", "2024-01-31T10:00:00.5+23:59:59.999", "2024-01-31T10:00:00.5+01:0030", "2024-01-31T10:00:00.5+0100:30", "2024-01-31T10:00:00z", "2024-01-31T10:00:60Z", "2024-01-31T24:00:00Z", "2024-01-31T10:00:00Z\n",
         "10:15", "24:00", "7:5", "10:60", "10:15 PM", "00:15 PM", "12:15 am", "10:15 XM", "10PM", "13PM", "1", "366", "2024 366", "2023 366", "0", "000", "2024 060", "2024-W05-3", "2024-W53-6", "2024-W00-0", "2024-W00-1", "0001-W00-1", "2024-W54-1", "2024-W01-7", "2024 05 Wed", "2024 00 Sun", "2020-W53-7", "2024-W53-1",
         "240131", "31.01.2024 10.15", "Wed Jan 31 10:15:30 2024", "Wed Jan  1 10:15:30 2024", "01/31/24", "10:15:30", "%2024", "(2024)", "2024 [1]", "2024 [01]", "311", "3101", "101530123", "2024   1", "2024 1", "20241", " 5", "\t5", "05", "+0100", "Z", "z", "+01", "59", "60", "61", "62", "5.5", "02-29", "2-28", "am", "PM", "", " ", "2024", "２０２４-01-31", "2024-01-３1", "W", "6 2024", "año 2024", "AÑO 2024", "53", "%c 5", "2024-01-31 +0100", "2024-01-31 Z", "2024-01-31\u00a0+0100", "2024-01-31\ufeff+0100"]
DATES = [*TEXTS, "2024/01/31", "2024.01.31", "2024-1-5", "2024-13-01", "2024-00-10", "2024-01-00", "2024-01-32", "13/13/2024", "31/31/2024", "00/01/2024", "30/02/2024", "02/30/2024", "12-25-2024", "25.12.2024", "1.2.2024", "5 Jan 2024", "5-Jan-2024", "Jan 5, 2024", "Jan. 5 2024", "Sept 5 2024", "Foo 5 2024", "30 Feb 2024", "Feb 30 2024", "Mai 5 2024",
         "32 Jan 2024", "2024-01-31 10:00", "2024-01-31 10:00:00", "2024-01-31T10:00", "2024-01-31T10:00:00+01:00", "2024-01-31 10:00:00 +0100", "2024-01-31 10:00:00-05", "2024-01-31T25:00", "2024-01-31T10:61", "2024-01-31T10:00:61Z", "2024-02-30T10:00", "2024-01-31T10:00+25:00", "2024-01-31T10:00+24:00", "2024-01-31T10:00+23:59", "2024-01-31T10:00+01:60", "2024-01-31T10:00:00.123456789", "10:00", "9:05", "25:00", "10:75", "10:00:99", "12:00 AM", "0:30 am", "13:00 pm", "10:15PM", "10 PM",
         "tomorrow", "today", "now", "monday", "Mon", "may", "May", "Sept", "June", "a", "A", "p", "PM", "I", "T", "Z", "UTC", "EST", "apple", "AB-123", "ab-123", "AB", "X1", "1X", "12", "31", "32", "99", "100", "1234", "2.5", "-3", "+7", "1e5", "nan", "inf", "1,000", "0x10", "007", "3rd", "March 3rd 2024", "the 3rd", "3 of May", "3 may", "May 2024", "2024 May", "2024-05", "05/2024", "202405", "Q1 2024", "2024-Q1", "2024W05", "2024-031",
         "2024_01_31", "2024:01:31", "2024-01-31?", "#5", "5%", "a_b", "100%", "emoji 😀", "é", "naïve", "N/A", "n.a.", "-", "--", ".", "/", "''", ",", "null", "None", "true", "10h", "10h30", "10h 30m", "2024-01-31 AD", "2024-01-31 UTC", "2024-01-31 10:00 UTC", "2024-01-31 10:00 EST", "2024-01-31 10:00 ABCDEF", "2024-01-31 foo", "foo 2024-01-31", "10:00 foo", "Jan", "January", "2024-01-31Z", "1/2/24", "31/12/99", "2024-1-31T1:00", "0099-01-31", "0001-01-01", "9999-12-31", "99999-01-01", "2024-01-31 24:00", "20240131T100000", "20240131100000", "2024-06-31", "2023-02-29", "1900-02-29", "2000-02-29", "5 sept 2024", "5 Mayo 2024", "5 Marc 2024", "5 jANUARY 2024"]
JSONS = ["1", "-1", "1.5", "1e5", "1E+5", "01", "-", "+1", ".5", "5.", "1.", "-0", "-0.0", "NaN", "Infinity", "-Infinity", "-NaN", "nan", "inf", "+Infinity", "[NaN]", "[NaN,1]", "[1NaN]", "[NaN1]", "[NaNNaN]", "[--Infinity]", "[-Infinity,Infinity]", '{"a":NaN}', '{NaN:1}', '"NaN"', '["NaN", NaN]', '["a\\"NaN", NaN]', "NaN ", " NaN", "\tNaN\n", "[NaN .5]", "Infinitys", "NaN,", "null", "true", "True", "None", '""', "''", '"a', '"\\u0041"', '"\\ud800"', '"\\x41"', '"\t"', '"\n"', '"\u2028"', '"\x7f"', '"\x00"', "{}", "[]", "[1,]", '{"a":1,}', '{"a":1,"a":2}', "{a:1}", "{'a':1}", "[1 2]", "1 2", "", " ", "\ufeff1", "\u00a01", "1\u00a0", "// 1", "[1] x", "1" * 400, "1e400", "-1e400", "[" * 300 + "]" * 300, "[" * 300, '{"a":' * 200 + "1" + "}" * 200, "tru", "nulll", '"é"', '"😀"', "0x10", "1_0", "١"]
SCHEMAS = [{"type": "integer"}, {"type": "number"}, {"type": "boolean"}, {"type": ["string", "null"]}, {"enum": [1, True, "a", None, [1], {"a": 1}]}, {"const": 1}, {"const": False}, {"const": [1, 2]}, {"minimum": 2, "maximum": 5}, {"exclusiveMinimum": 1}, {"multipleOf": 2}, {"multipleOf": 0.5}, {"minLength": 2, "maxLength": 3}, {"type": "array", "items": {"type": "integer"}}, {"items": [{"type": "integer"}]}, {"prefixItems": [{"type": "integer"}], "items": False},
           {"$schema": "http://json-schema.org/draft-07/schema#", "items": [{"type": "integer"}], "additionalItems": False}, {"uniqueItems": True}, {"contains": {"const": 1}, "minContains": 2}, {"minItems": 1, "maxItems": 2}, {"required": ["a"]}, {"required": ["toString"]}, {"properties": {"a": {"type": "integer"}}, "additionalProperties": False}, {"minProperties": 1, "maxProperties": 1}, {"propertyNames": {"maxLength": 1}}, {"dependentRequired": {"a": ["b"]}}, {"$schema": "http://json-schema.org/draft-07/schema#", "dependencies": {"a": ["b"]}},
           {"allOf": [{"type": "number"}, {"minimum": 2}]}, {"anyOf": [{"type": "string"}, {"minimum": 5}]}, {"oneOf": [{"type": "integer"}, {"minimum": 2}]}, {"not": {"type": "object"}}, {"if": {"type": "integer"}, "then": {"minimum": 2}, "else": {"type": "string"}}, {"$schema": "http://json-schema.org/draft-06/schema#", "type": "integer", "exclusiveMaximum": 3}, {"$schema": "http://json-schema.org/draft-06/schema#", "if": {"type": "integer"}, "then": {"minimum": 2}},
           {"format": "email"}, {"format": "date"}, {"type": "string", "format": "ipv4"}, {"$defs": {"n": {"type": "integer"}}, "properties": {"a": {"$ref": "#/$defs/n"}}}, {"$ref": "#/definitions/n", "definitions": {"n": {"type": "string"}}}, {"$schema": "http://json-schema.org/draft-07/schema#", "$ref": "#/definitions/n", "definitions": {"n": {"type": "string"}}, "minLength": 99}, {"$ref": "#/nowhere"}, {"$ref": "https://example.invalid/s"}, {"$schema": "https://json-schema.org/draft/2019-09/schema", "unevaluatedProperties": False, "properties": {"a": True}}, {"unevaluatedProperties": False, "properties": {"a": True}},
           {"pattern": "^a"}, {"patternProperties": {"^a": {"type": "integer"}}}, {"type": "nothing"}, {"minimum": "2"}, {"$schema": "https://example.invalid/draft"}, {"$schema": "http://json-schema.org/draft-04/schema#", "type": "integer"}, {"unknown": 5}, {}, {"properties": {"b": {"default": 1}}, "required": ["b"]}, {"additionalProperties": {"type": "string"}}, {"$id": "https://example.invalid/own", "$ref": "#/$defs/a", "$defs": {"a": {"type": "object"}}}, {"$anchor": "x", "properties": {"a": {"$ref": "#x"}}, "type": ["object", "integer"]}, {"contentMediaType": "application/json", "type": "string"}, {"dependentSchemas": {"a": {"required": ["b"]}}}, {"$comment": "nothing", "title": "t", "examples": [1]}]
VALUES = ["1", "1.0", "2", "2.5", "3", "-0.5", "7", "true", "false", "null", '""', '"a"', '"ab"', '"abc"', '"abcd"', '"😀😀😀"', "[]", "[1]", "[1, 2]", "[1, 1]", "[1, 1.0]", "[1, true]", '[{"a":1},{"a":1}]', '["a"]', "[1, 2, 3]", "{}", '{"a": 1}', '{"a": 1.5}', '{"a": "x"}', '{"b": 1}', '{"a": 1, "b": 2}', '{"ab": 1}', '{"toString": 1}', '{"__proto__": 1}', '{"a": {"a": {"a": "x"}}}', "1e2", "0.1", "1.5", '"2024-13-01"', '"a@b"', "0"]
NUMBERS = [0.0, -0.0, 1.0, -1.5, 0.1, 1e15, 1e16, 123456789012345680.0, 9999999999999998.0, 1e-4, 1.5e-4, 1e-5, 1.25e-7, 5e-324, 1.7976931348623157e308, 1e22, 1e21, 0.30000000000000004, 123.456, 100.0, 1234567.125, float("inf"), float("-inf"), 0.00012345678901234567, 2.5e-3] + [draw.uniform(-1, 1) * 10 ** draw.randint(-12, 25) for _ in range(60)]


def tried(work, *errors):
    try:
        work()
        return True
    except errors:
        return False
    except Exception as problem:
        return type(problem).__name__


def schema_of(schema, value):
    return tried(lambda: jsonschema.validate(json.loads(value), schema), jsonschema.ValidationError)


def main():
    usable = {one: tried(lambda: datetime.strptime(datetime.now().strftime(one), one), ValueError) for one in FORMATS}
    found = {
        "recordedFrom": {"python": sys.version.split()[0], "python-dateutil": dateutil.__version__, "jsonschema": jsonschema.__version__},
        "texts": TEXTS,
        "strptime": [{"format": one, "isUsable": usable[one], "reads": [tried(lambda: datetime.strptime(text, one), ValueError) for text in TEXTS]} for one in FORMATS],
        "dateutil": [[text, tried(lambda: parser.parse(text), ValueError, OverflowError)] for text in dict.fromkeys(DATES)],
        "json": [[text, tried(lambda: json.loads(text), ValueError)] for text in JSONS],
        "values": VALUES,
        "schemas": [{"schema": schema, "fits": [schema_of(schema, value) for value in VALUES]} for schema in SCHEMAS],
        "numbers": [[struct.pack(">d", one).hex(), repr(one)] for one in NUMBERS],
    }
    path = os.path.join(HERE, "../../packages/data/test/fixtures/text-forms.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(found, file, ensure_ascii=True)
        file.write("\n")


main()
