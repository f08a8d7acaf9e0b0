"""The small tables that Great Expectations is recorded on: Parquet, and one of them as CSV beside it."""
import datetime
import decimal
import os
import random

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

D = decimal.Decimal
DAY = datetime.date
NAN = float("nan")


def stamp(text):
    return datetime.datetime.fromisoformat(text)


def mixed():
    """Twelve rows of every type that an ordinary table has, nulls and ties among them."""
    return pa.table({
        "id": pa.array(range(1, 13), pa.int64()),
        "score": pa.array([1.5, 2.0, None, 2.0, -3.25, 10.0, 0.0, None, 7.75, 2.0, 100.5, 4.0], pa.float64()),
        "rank": pa.array([3, 1, 3, 2, 5, 5, 5, 8, 9, 9, 10, 1], pa.int32()),
        "age": pa.array([34, None, 51, 18, 67, 34, None, 23, 45, 34, 18, 99], pa.int64()),
        "grade": pa.array(["a", "b", "a", None, "c", "a", "b", "d", None, "a", "c", "é"], pa.string()),
        "name": pa.array(["Ana", "Björn", "李雷", "", "O'Neil", "Zoë", None, "ana", "Émile", "😀 smile", " x ", "Ana"], pa.string()),
        "born": pa.array([DAY(1990, 1, 31), DAY(1985, 12, 1), None, DAY(2000, 2, 29), DAY(1970, 1, 1), DAY(1990, 1, 31),
                          DAY(1999, 12, 31), DAY(2001, 6, 15), DAY(1988, 3, 3), None, DAY(1964, 7, 4), DAY(2010, 10, 10)], pa.date32()),
        "seen": pa.array([stamp(text) if text else None for text in [
            "2024-01-01T00:00:00", "2024-01-02T12:30:00", "2024-01-02T12:30:00", None, "2024-02-29T23:59:59", "2024-03-01T00:00:00",
            "2024-03-10T02:30:00", "2023-12-31T23:59:59.999", "2024-06-01T08:00:00", "2024-06-01T08:00:00", "2025-01-01T00:00:00",
            "2024-07-04T16:20:00"]], pa.timestamp("us")),
        "active": pa.array([True, False, True, True, None, False, True, True, False, None, True, True], pa.bool_()),
        "price": pa.array([D("10.00"), D("0.10"), D("0.20"), None, D("99.99"), D("-5.50"), D("10.00"), D("10.01"), D("0.30"),
                           D("123456.78"), None, D("1.00")], pa.decimal128(12, 2)),
        "constant": pa.array([7] * 12, pa.int64()),
    })


def sequences():
    return pa.table({
        "key": pa.array(range(8), pa.int64()),
        "up": pa.array([1, 2, 3, 5, 8, 13, 21, 34], pa.int64()),
        "ties": pa.array([1, 2, 2, 3, 3, 3, 9, 9], pa.int64()),
        "down": pa.array([9.5, 8.0, 7.25, 3.0, 2.0, 1.0, 0.0, -4.0], pa.float64()),
        "broken": pa.array([1, 2, 3, 2, 5, 4, 6, 7], pa.int64()),
        "holes": pa.array([1.0, None, 3.0, None, 2.0, 4.0, None, 5.0], pa.float64()),
        "day": pa.array([DAY(2024, 1, day) for day in (1, 2, 2, 5, 4, 6, 9, 9)], pa.date32()),
        "at": pa.array([stamp(f"2024-01-0{day}T00:00:00") for day in (1, 2, 2, 5, 4, 6, 9, 9)], pa.timestamp("us")),
        "word": pa.array(["a", "b", "b", "d", "c", "e", "z", "z"], pa.string()),
    })


def pairs():
    return pa.table({
        "a": pa.array([1, 2, 3, None, 5, None, 7, 8, 9, 10], pa.int64()),
        "b": pa.array([1, 1, 4, 4, None, None, 7, 6, 9, 11], pa.int64()),
        "c": pa.array([1, 3, 3, None, 5, None, 7, None, 9, 12], pa.int64()),
        "x": pa.array(["u", "v", "u", None, "w", None, "é", "v", "u", ""], pa.string()),
        "y": pa.array(["u", "u", "v", "w", None, None, "é", "v", "U", ""], pa.string()),
        "z": pa.array(["u", "v", "u", "w", "w", None, "é", "v", "u", ""], pa.string()),
        "from": pa.array([DAY(2024, 1, 1), DAY(2024, 1, 5), None, DAY(2024, 2, 1), DAY(2024, 3, 1), None, DAY(2024, 4, 1),
                          DAY(2024, 5, 1), DAY(2024, 6, 1), DAY(2024, 7, 1)], pa.date32()),
        "until": pa.array([DAY(2024, 1, 2), DAY(2024, 1, 5), DAY(2024, 1, 9), None, DAY(2024, 2, 1), None, DAY(2024, 4, 2),
                           DAY(2024, 5, 2), DAY(2024, 6, 2), DAY(2024, 7, 2)], pa.date32()),
        "p": pa.array([0.1, 0.2, 0.3, None, 0.5, None, 1.0, 2.0, NAN, 4.0], pa.float64()),
        "q": pa.array([0.2, 0.1, 0.0, 0.3, None, None, -1.0, 0.0, 1.0, 0.0], pa.float64()),
    })


def numbers():
    """Two hundred rows, drawn once: quantiles, z-scores, outliers, divergence from a partition."""
    draw = random.Random(20261128)
    normal = [round(draw.gauss(50, 12), 3) for _ in range(196)] + [250.0, -180.0, 50.0, 50.0]
    return pa.table({
        "row": pa.array(range(200), pa.int64()),
        "normal": pa.array(normal, pa.float64()),
        "skewed": pa.array([round(draw.expovariate(0.2), 4) if draw.random() > 0.1 else None for _ in range(200)], pa.float64()),
        "die": pa.array([draw.randint(1, 6) for _ in range(200)], pa.int64()),
        "suit": pa.array([draw.choices(["hearts", "spades", "clubs", None], [5, 3, 2, 1])[0] for _ in range(200)], pa.string()),
        "flat": pa.array([3.5] * 200, pa.float64()),
        "big": pa.array([2**53 + step for step in range(200)], pa.int64()),
        "cost": pa.array([D(draw.randint(-100, 10000)) / 100 for _ in range(200)], pa.decimal128(10, 2)),
    })


def texts():
    return pa.table({
        "key": pa.array(range(1, 15), pa.int64()),
        "code": pa.array(["AB-123", "ab-123", "AB-12", "XAB-123", "AB-123\n", None, "AB-1234", "", "ÄB-123", "AB-１２３", "AB_123", "AB%123",
                          "AB-123 AB-123", "a\\b"], pa.string()),
        "mail": pa.array(["a@b.example", "a.b+c@d.example", "@b.example", "a@", "a b@c.example", None, "A@B.EXAMPLE", "é@b.example", "",
                          "a@b", "a@@b.example", "x@y.example\n", "a@b.example,c@d.example", "👍@b.example"], pa.string()),
        "json": pa.array(['{"a": 1}', "[1, 2, 3]", "1", '"x"', "null", None, "{a: 1}", "", "NaN", '{"a": "x"}', '{"a": 1, "a": 2}',
                          '{"b": 2}', '{"a": 1.0}', '{"a": -Infinity}'], pa.string()),
        "date": pa.array(["2024-01-31", "2024-02-30", "31/01/2024", "2024-1-5", "20240105", None, "Jan 5 2024", "", "2024-01-31T10:00:00",
                          "tomorrow", "12", "2024-01-31 10:00", "10:15 PM", "2024-12-31T23:59:60Z"], pa.string()),
        "word": pa.array(["apple", "Apple", "banana", "naïve", "straße", None, "I", "", "a_b", "a%b", "100%", "emoji 😀", "e\u0301", "tab\tx"], pa.string()),
        "number": pa.array(["1", "2.5", "-3", "1e5", "nan", None, " 4 ", "", "0x10", "٣", "1,000", "inf", "+7", "007"], pa.string()),
    })


def odd():
    """Names that need quotes, and values that are their own trouble."""
    return pa.table({
        "first name": pa.array(["a", "b", None, "b"], pa.string()),
        "select": pa.array([1, 2, 3, 3], pa.int64()),
        'say "hi"': pa.array([1.0, None, 3.0, 3.0], pa.float64()),
        "größe": pa.array([10, 20, 30, 40], pa.int64()),
        "Case": pa.array([1, 1, 2, 2], pa.int64()),
        "Fall": pa.array(["x", "X", "x", "y"], pa.string()),
        "a.b": pa.array([True, True, False, None], pa.bool_()),
    })


def infinite():
    inf = float("inf")
    return pa.table({
        "key": pa.array(range(8), pa.int64()),
        "value": pa.array([1.0, -inf, inf, NAN, None, -0.0, 0.0, 1e308], pa.float64()),
        "tiny": pa.array([5e-324, 1e-16, 0.1, 0.2, 0.30000000000000004, None, 3.0, NAN], pa.float32()),
    })


def stamps():
    """Moments in other resolutions, as pandas has them by itself (ns), and with a zone."""
    texts = ["2024-01-01T00:00:00", "2024-01-02T12:30:00", None, "2024-02-29T23:59:59.999999", "2024-03-10T02:30:00", "2025-01-01T00:00:00"]
    moments = [stamp(text) if text else None for text in texts]
    zoned = [None if one is None else one.replace(tzinfo=datetime.timezone.utc) for one in moments]
    return pa.table({
        "key": pa.array(range(6), pa.int64()),
        "nano": pa.array(moments, pa.timestamp("ns")),
        "micro": pa.array(moments, pa.timestamp("us")),
        "second": pa.array([None if one is None else one.replace(microsecond=0) for one in moments], pa.timestamp("s")),
        "zoned": pa.array(zoned, pa.timestamp("ns", tz="UTC")),
        "text": pa.array(texts, pa.string()),
    })


def nulls():
    return pa.table({
        "key": pa.array(range(5), pa.int64()),
        "number": pa.array([None] * 5, pa.float64()),
        "text": pa.array([None] * 5, pa.string()),
        "whole": pa.array([None] * 5, pa.int64()),
        "half": pa.array([1, None, None, 2, None], pa.int64()),
    })


def tables():
    whole = mixed()
    return {
        "mixed": whole,
        "empty": whole.slice(0, 0),
        "single": whole.slice(0, 1),
        "sequences": sequences(),
        "pairs": pairs(),
        "numbers": numbers(),
        "texts": texts(),
        "odd": odd(),
        "infinite": infinite(),
        "nulls": nulls(),
        "stamps": stamps(),
    }


def write(folder):
    """Writes every table into `folder`, small and without what the writer puts in of itself that changes."""
    os.makedirs(folder, exist_ok=True)
    for name, table in tables().items():
        pyarrow.parquet.write_table(table.replace_schema_metadata(None), os.path.join(folder, f"{name}.parquet"), compression="none",
                                    write_statistics=True)
    columns = ["id", "score", "rank", "age", "grade", "born", "active"]
    pyarrow.csv.write_csv(mixed().select(columns), os.path.join(folder, "people.csv"))
