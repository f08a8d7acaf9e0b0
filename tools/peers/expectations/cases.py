"""What is recorded: cases in families, one file of fixtures for each."""

import dataclasses
import importlib
from typing import Any

FAMILIES = [
    "sets",
    "ranges",
    "times",
    "order",
    "types",
    "regex",
    "like",
    "text-formats",
    "statistics",
    "distribution",
    "table",
    "pairs",
    "multicolumn",
    "conditions",
    "queries",
    "formats",
    "parameters",
]


@dataclasses.dataclass
class Case:
    name: str
    table: str
    type: str
    kwargs: dict
    result_format: Any = None
    parameters: Any = None


class Book:
    """The cases of a family: `book(type, table, note, **kwargs)`."""

    def __init__(self):
        self.cases = []

    def __call__(self, type, table, note="", result_format=None, parameters=None, **kwargs):
        short = type.replace("expect_", "", 1)
        stem = f"{short} of {table}" + (f": {note}" if note else "")
        count = sum(case.name == stem or case.name.startswith(stem + " #") for case in self.cases)
        self.cases.append(Case(stem if count == 0 else f"{stem} #{count + 1}", table, type, kwargs, result_format, parameters))


def families():
    found = {}
    for family in FAMILIES:
        book = Book()
        importlib.import_module("family_" + family.replace("-", "_")).write(book)
        found[family] = book.cases
    return found


def all_types():
    return {case.type for listed in families().values() for case in listed}
