"""Small objects of real frameworks, fitted where they can be: what models in the wild are made of."""
import collections
import datetime
import decimal
import fractions
import importlib
import pathlib
import random
import uuid


def objects_of(package):
    return {
        "python": python, "numpy": numpy_objects, "scipy": scipy_objects, "sklearn": sklearn_objects,
        "boosting": boosting, "pandas": pandas_objects, "torch": torch_objects,
    }[package]()


def python():
    yield from {
        "datetime": datetime.datetime(2020, 1, 2, 3, tzinfo=datetime.timezone.utc), "date": datetime.date(2020, 1, 1),
        "time": datetime.time(1), "timedelta": datetime.timedelta(1), "Decimal": decimal.Decimal("1.5"),
        "Fraction": fractions.Fraction(1, 3), "UUID": uuid.UUID(int=7), "path": pathlib.Path("a/b"),
        "deque": collections.deque([1], 3), "defaultdict": collections.defaultdict(list, {1: [2]}),
        "Counter": collections.Counter("aab"), "OrderedDict": collections.OrderedDict(a=1), "complex": 1 + 2j,
        "range": range(3), "slice": slice(1, 2), "sets": [{1}, frozenset([2])], "bytes": [b"x\xff", bytearray(b"y")],
        "Random": random.Random(0), "type": [int, type(None), Ellipsis],
    }.items()


def numpy_objects():
    import numpy as np

    for code in "f8 f4 f2 i8 i1 u2 b1 c16 U3 S4 M8[D] m8[s] O >f8".split():
        yield code, np.zeros(3, dtype=code)
    yield "records", np.zeros(2, dtype=[("a", "i4"), ("b", "f8"), ("c", "U4")])
    yield "aligned", np.zeros(2, dtype=np.dtype([("a", "i1"), ("b", "f8")], align=True))
    yield "objects", np.array(["a", 1, None, [2]], dtype=object)
    yield "empty", np.zeros((0, 3))
    yield "Fortran", np.asfortranarray(np.ones((2, 3)))
    yield "scalars", [np.float32(1), np.int64(2), np.bool_(True), np.str_("x"), np.datetime64("2020")]
    yield "masked", np.ma.array([1, 2], mask=[0, 1])
    yield "matrix", np.matrix([[1]])
    yield "generators", [np.random.RandomState(0), np.random.default_rng(0), np.random.Generator(np.random.Philox(1))]
    yield "ufuncs", [np.log1p, np.float32, np.mean]


def scipy_objects():
    import scipy.interpolate
    import scipy.sparse as sparse

    for kind in "csr csc coo bsr dia lil".split():
        yield f"{kind}_matrix", getattr(sparse, f"{kind}_matrix")([[1, 0], [0, 2]])
        yield f"{kind}_array", getattr(sparse, f"{kind}_array")([[1, 0], [0, 2]])
    yield "interp1d", scipy.interpolate.interp1d([0, 1, 2], [1, 2, 3])
    yield "spline", scipy.interpolate.CubicSpline([0, 1, 2], [1, 2, 4])
    yield "BSpline", scipy.interpolate.make_interp_spline([0, 1, 2, 3], [1, 2, 4, 1])


def sklearn_objects():
    import numpy as np
    import sklearn.utils
    from sklearn.compose import ColumnTransformer
    from sklearn.datasets import make_classification
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

    features, labels = make_classification(40, 5, random_state=0)
    features = abs(features)
    for name, kind in sklearn.utils.all_estimators():
        try:
            estimator = kind()
        except TypeError:  # takes another estimator
            continue
        try:
            estimator.fit(features, labels)
        except Exception:  # unfitted is an object, too
            pass
        yield name, estimator
    pipeline = make_pipeline(
        ColumnTransformer([("scale", StandardScaler(), [0, 1]), ("one", OneHotEncoder(), [2])]),
        FunctionTransformer(np.abs),
        LogisticRegression(),
    )
    features[:, 2] = features[:, 2].round()
    yield "Pipeline", pipeline.fit(features, labels)
    yield "GridSearchCV", GridSearchCV(LogisticRegression(), {"C": [0.1, 1]}, cv=2, scoring="f1").fit(features, labels)


def boosting():
    from sklearn.datasets import make_classification

    features, labels = make_classification(40, 5, random_state=0)
    xgboost, lightgbm = importlib.import_module("xgboost"), importlib.import_module("lightgbm")
    for kind in (xgboost.XGBClassifier, xgboost.XGBRegressor, xgboost.XGBRFClassifier):
        yield kind.__name__, kind(n_estimators=2).fit(features, labels)
    yield "xgboost.Booster", xgboost.XGBClassifier(n_estimators=2).fit(features, labels).get_booster()
    for kind in (lightgbm.LGBMClassifier, lightgbm.LGBMRegressor):
        yield kind.__name__, kind(n_estimators=2, verbose=-1, min_child_samples=1).fit(features, labels)


def pandas_objects():
    import pandas as pd

    yield "DataFrame", pd.DataFrame({"a": [1, 2], "b": ["x", "y"], "c": [0.5, None]}, index=["r", "s"])
    yield "dates", pd.DataFrame({"t": pd.to_datetime(["2020-01-01", "2021-01-01"]), "d": pd.to_timedelta([1, 2])})
    yield "categories", pd.Series(["a", "b", "a"], dtype="category")
    yield "nullable", pd.DataFrame({"i": pd.array([1, None], dtype="Int64"), "b": pd.array([True, None], dtype="boolean")})
    yield "MultiIndex", pd.Series([1, 2], index=pd.MultiIndex.from_tuples([("a", 1), ("b", 2)]))
    yield "Timestamp", [pd.Timestamp("2020-01-01"), pd.Timedelta(1), pd.NaT, pd.NA, pd.Timestamp("2020-01-01", tz="UTC")]
    yield "DatetimeIndex", pd.date_range("2020-01-01", periods=2)
    yield "Index", [pd.Index([1, 2]), pd.Index(["a"]), pd.RangeIndex(3)]


def torch_objects():
    import torch

    yield "Sequential", torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.ReLU(), torch.nn.BatchNorm1d(3))
    yield "sizes", [torch.Size([1, 2]), torch.device("cpu"), torch.float32, torch.strided]
    yield "functional", [torch.nn.functional.relu]
