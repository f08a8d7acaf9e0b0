"""Great Expectations with pandas on a made table: 22 expectations over 12 columns of Parquet, `expectations-suite.json` beside this.

Usage, with the pins of tools/peers/requirements-data.txt:
    python bench/peers/expectations.py make FILE [ROWS]          the table: 2,000,000 rows unless said, the same every time
    python bench/peers/expectations.py measure FILE [FORMAT]     one run, in a process of its own; FORMAT: SUMMARY unless said

`measure` prints one line of JSON: seconds (reading the file, validating, together; without starting Python), the peak of memory in
bytes, and for each expectation what came out. SUMMARY is what Great Expectations does when nothing is asked: unexpected values, and
the first twenty rows. A million rows are written at a time, so that a table of any size is made in flat memory.
"""

import json
import os
import resource
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SUITE = os.path.join(HERE, "expectations-suite.json")
PIECE = 1_000_000


def piece(first, rows, draw):
    import numpy as np
    import pyarrow as pa

    def holes(values, share, kind):
        return pa.array(values, kind, mask=draw.random(rows) < share)

    age = draw.integers(18, 91, rows)
    age[draw.random(rows) < 0.001] = 130
    countries = np.array(["DE", "FR", "AT", "CH", "IT", "ES", "PL", "NL", "XX"], object)
    code = np.char.add(np.char.add("C", (first + np.arange(rows)).astype(str)), np.where(draw.random(rows) < 0.002, "-bad", "")).astype(
        object
    )
    opened = np.datetime64("2015-01-01") + draw.integers(0, 3650, rows).astype("timedelta64[D]")
    closed = opened + draw.integers(-2, 900, rows).astype("timedelta64[D]")
    seen = np.datetime64("2024-01-01T00:00:00", "us") + draw.integers(0, 366 * 86400, rows).astype("timedelta64[s]").astype(
        "timedelta64[us]"
    )
    names = np.array([f"name {number}" for number in range(5000)], object)
    return pa.table(
        {
            "id": pa.array(np.arange(first, first + rows), pa.int64()),
            "age": holes(age, 0.01, pa.int64()),
            "income": holes(draw.lognormal(10, 1, rows).round(2), 0.03, pa.float64()),
            "score": pa.array(draw.normal(600, 80, rows), pa.float64()),
            "country": pa.array(draw.choice(countries, rows, p=[0.2, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1, 0.099, 0.001]), pa.string()),
            "code": pa.array(code, pa.string()),
            "name": holes(names[draw.integers(0, 5000, rows)], 0.005, pa.string()),
            "opened": pa.array(opened, pa.timestamp("us")),
            "closed": pa.array(closed, pa.timestamp("us")),
            "seen": pa.array(seen, pa.timestamp("us")),
            "active": pa.array(draw.random(rows) < 0.7, pa.bool_()),
            "defaults": pa.array(draw.poisson(0.3, rows), pa.int32()),
        }
    )


def make(file, rows):
    import numpy as np
    import pyarrow.parquet

    draw = np.random.Generator(np.random.PCG64(20261128))
    writer = None
    for first in range(0, rows, PIECE):
        table = piece(first, min(PIECE, rows - first), draw)
        writer = writer or pyarrow.parquet.ParquetWriter(file, table.schema, compression="zstd")
        writer.write_table(table, row_group_size=131_072)
    writer.close()
    print(json.dumps({"rows": rows, "bytes": os.path.getsize(file)}))


def measure(file, format):
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import warnings

    import great_expectations as gx
    import pandas
    from great_expectations.core import ExpectationSuite
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    warnings.simplefilter("ignore")
    context = gx.get_context(mode="ephemeral")
    written = json.load(open(SUITE))
    suite = ExpectationSuite(name=written["name"])
    for one in written["expectations"]:
        suite.add_expectation_configuration(ExpectationConfiguration(type=one["type"], kwargs=one["kwargs"]))
    asset = context.data_sources.add_pandas("pandas").add_dataframe_asset("table")
    began = time.perf_counter()
    frame = pandas.read_parquet(file)
    read = time.perf_counter()
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
    found = batch.validate(suite, result_format=format)
    ended = time.perf_counter()
    told = [
        {
            "type": one.expectation_config.type,
            "success": bool(one.success),
            **{
                key: one.result[key]
                for key in ("element_count", "unexpected_count", "missing_count", "observed_value")
                if key in one.result
            },
        }
        for one in found.results
    ]
    print(
        json.dumps(
            {
                "great_expectations": gx.__version__,
                "pandas": pandas.__version__,
                "format": format,
                "rows": len(frame),
                "seconds": round(ended - began, 3),
                "reading": round(read - began, 3),
                "validating": round(ended - read, 3),
                "peakMemory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
                "outcomes": told,
            },
            default=str,
        )
    )


if __name__ == "__main__":
    work, path, *more = sys.argv[1:]
    make(path, int(more[0]) if more else 2_000_000) if work == "make" else measure(path, more[0] if more else "SUMMARY")
