"""Holds tables against suites with Great Expectations and pandas, as its users do.

Usage, with the pins of tools/peers/requirements-data.txt:
    python tools/peers/hold-suite.py TABLE SUITE [TABLE SUITE …]

Reads each CSV file or Parquet file as pandas does, loads the suite as it is stored, and prints one line of JSON: for each pair
how many expectations there are, and the types of those that are not met. No value of a row is printed.
"""
import json
import os
import sys
import warnings

os.environ["GX_ANALYTICS_ENABLED"] = "false"
warnings.simplefilter("ignore")

import great_expectations as gx  # noqa: E402
import pandas  # noqa: E402
from great_expectations.core import ExpectationSuite  # noqa: E402


def hold(context, number, table, path):
    frame = pandas.read_csv(table) if table.endswith(".csv") else pandas.read_parquet(table)
    with open(path, encoding="utf-8") as file:
        suite = context.suites.add(ExpectationSuite(**json.load(file) | {"name": f"suite {number}"}))
    asset = context.data_sources.add_pandas(f"pandas {number}").add_dataframe_asset("table")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
    results = batch.validate(suite).results
    return {"expectations": len(results), "missed": sorted(one.expectation_config.type for one in results if not one.success)}


if __name__ == "__main__":
    words = sys.argv[1:]
    context = gx.get_context(mode="ephemeral")
    told = [hold(context, number, *words[number : number + 2]) for number in range(0, len(words), 2)]
    print(json.dumps({"great_expectations": gx.__version__, "pandas": pandas.__version__, "held": told}))
