"""Great Expectations on pandas and on SQLite: one context, a batch for each table, and what an expectation came to."""

import datetime
import decimal
import math
import os
import re
import sqlite3

import great_expectations as gx
import great_expectations.expectations.core as core
import numpy
import pandas
import pyarrow
import scipy
import sqlalchemy
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

# What follows from the rest of a result: left out where a case asks for no form of its own.
REPEATED = [
    "partial_unexpected_counts",
    "partial_unexpected_index_list",
    "missing_percent",
    "unexpected_percent_total",
    "unexpected_percent_nonmissing",
    "unexpected_list",
]


def versions():
    return {
        "great_expectations": gx.__version__,
        "pandas": pandas.__version__,
        "numpy": numpy.__version__,
        "scipy": scipy.__version__,
        "pyarrow": pyarrow.__version__,
        "SQLAlchemy": sqlalchemy.__version__,
        "sqlite": sqlite3.sqlite_version,
    }


def core_types():
    """The types that `great_expectations.expectations.core` hands on."""
    found = [getattr(core, name) for name in dir(core)]
    return sorted(one.expectation_type for one in found if isinstance(one, type) and issubclass(one, Expectation) and one.expectation_type)


class Engines:
    """Batches of the tables of a folder, on both engines; tables are also the sources named `pandas` and `sqlite` of queries."""

    def __init__(self, folder):
        self.folder = folder
        self.context = gx.get_context(mode="ephemeral")
        self.frames = self.context.data_sources.add_pandas("pandas")
        self.database = "/tmp/holdfast-expectations.sqlite"
        if os.path.exists(self.database):
            os.remove(self.database)
        self.engine = sqlalchemy.create_engine(f"sqlite:///{self.database}")
        self.known = {}
        for file in sorted(os.listdir(folder)):
            name = file.replace(".parquet", "").replace(".csv", "")
            self.add(name, read(os.path.join(folder, file)))
        self.sqlite = self.context.data_sources.add_sqlite("sqlite", connection_string=f"sqlite:///{self.database}")

    def add(self, name, frame):
        self.known[name] = {"frame": frame}
        for_sql = frame.copy()
        for column in for_sql.columns:
            if for_sql[column].map(lambda value: isinstance(value, decimal.Decimal)).any():
                for_sql[column] = for_sql[column].map(lambda value: None if value is None else float(value))
        for_sql.to_sql(name, self.engine, index=False)

    def batches(self, name):
        known = self.known[name]
        if "pandas" not in known:
            asset = self.frames.add_dataframe_asset(name)
            whole = asset.add_batch_definition_whole_dataframe("all")
            known["pandas"] = whole.get_batch({"dataframe": known["frame"]})
            known["sqlite"] = self.sqlite.add_table_asset(name, table_name=name).add_batch_definition_whole_table("all").get_batch()
        return known


def read(path):
    return pandas.read_parquet(path) if path.endswith(".parquet") else pandas.read_csv(path)


def plain(value):
    """JSON, with the values that JSON does not have written as `{"$": name}`."""
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset, numpy.ndarray, pandas.Series)):
        return [plain(one) for one in value]
    if isinstance(value, (numpy.bool_, bool)):
        return bool(value)
    if isinstance(value, (numpy.integer, int)):
        return int(value)
    if isinstance(value, (numpy.floating, float)):
        number = float(value)
        if math.isnan(number):
            return {"$": "NaN"}
        return number if math.isfinite(number) else {"$": "Infinity" if number > 0 else "-Infinity"}
    if value is None or value is pandas.NaT or value is pandas.NA:
        return None
    if isinstance(value, decimal.Decimal):
        return {"$": "decimal", "value": str(value)}
    if isinstance(value, (datetime.datetime, datetime.date)):
        return {"$": "date" if type(value) is datetime.date else "timestamp", "value": value.isoformat()}
    if isinstance(value, str):
        return value
    return {"$": type(value).__name__, "value": str(value)}


def message_of(text):
    """A message without what changes from run to run: identities, addresses, paths."""
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "ID", str(text))
    text = re.sub(r"0x[0-9a-f]{6,}", "0x0", text).split("Traceback")[0].split("(Background on this error")[0].strip()
    return re.sub(r"\s+", " ", text)[:300]


def exceptions(info):
    """The messages of a result's exception_info, in either of its two shapes."""
    if not isinstance(info, dict):
        return []
    if "raised_exception" in info:
        return [message_of(info["exception_message"])] if info["raised_exception"] else []
    found = [message for one in info.values() for message in exceptions(one)]
    return sorted(set(found))


def built(case):
    return ExpectationConfiguration(type=case.type, kwargs=dict(case.kwargs), meta={}).to_domain_obj()


def outcome(batch, case):
    """The expectation as Great Expectations writes it, and what came out: `invalid` where it could not even be built."""
    written = {"type": case.type, "kwargs": plain(case.kwargs), "meta": {}}
    try:
        expectation = built(case)
        written = plain(expectation.configuration.to_json_dict())
        found = batch.validate(expectation, result_format=case.result_format or "COMPLETE", expectation_parameters=case.parameters)
    except Exception as problem:  # whatever it throws is what a user sees
        return written, {"invalid": type(problem).__name__, "message": message_of(problem)}
    raised = exceptions(found.exception_info)
    shown = {"success": plain(found.success), "result": plain(found.result)}
    for key in ["unexpected_index_query", *(REPEATED if case.result_format is None else [])]:
        shown["result"].pop(key, None)
    return written, {**shown, **({"raised": raised} if raised else {})}
