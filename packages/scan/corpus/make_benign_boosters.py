"""XGBoost and LightGBM: whole estimators, boosters, and their own model files."""

import pickle
import warnings

import joblib
import lightgbm
import numpy
import xgboost

from sample import Family

warnings.simplefilter("ignore")
family = Family("benign", "boosters", "xgboost")
rng = numpy.random.default_rng(4)
X = rng.normal(size=(40, 3))
Y = (X[:, 0] > 0).astype(int)

XGB = {
    "classifier": xgboost.XGBClassifier(n_estimators=2, max_depth=2, n_jobs=1).fit(X, Y),
    "regressor": xgboost.XGBRegressor(n_estimators=2, max_depth=2, n_jobs=1).fit(X, X[:, 1]),
    "forest": xgboost.XGBRFClassifier(n_estimators=2, max_depth=2, n_jobs=1).fit(X, Y),
    "ranker": xgboost.XGBRanker(n_estimators=2, max_depth=2, n_jobs=1).fit(X, Y, qid=numpy.zeros(40)),
    "booster": xgboost.train({"max_depth": 2, "nthread": 1}, xgboost.DMatrix(X, Y), 2),
    "linear": xgboost.XGBRegressor(booster="gblinear", n_estimators=2, n_jobs=1).fit(X, Y),
}
LGB = {"verbose": -1, "num_threads": 1, "min_data_in_leaf": 2, "num_leaves": 3, "deterministic": True, "seed": 4}
LIGHT = {
    "classifier": lightgbm.LGBMClassifier(n_estimators=2, n_jobs=1, verbose=-1, num_leaves=3, min_child_samples=2).fit(X, Y),
    "regressor": lightgbm.LGBMRegressor(n_estimators=2, n_jobs=1, verbose=-1, num_leaves=3, min_child_samples=2).fit(X, X[:, 1]),
    "ranker": lightgbm.LGBMRanker(n_estimators=2, n_jobs=1, verbose=-1, num_leaves=3, min_child_samples=2).fit(X, Y, group=[40]),
    "booster": lightgbm.train(LGB, lightgbm.Dataset(X, Y), 2),
}
for package, models in (("xgboost", XGB), ("lightgbm", LIGHT)):
    for number, (name, model) in enumerate(models.items()):
        for protocol in (number % 4, 4, 5):
            family.add(f"{package}/{name}-p{protocol}.pkl", pickle.dumps(model, protocol), "pickle", f"a fitted model of {package}: {name}", made_by=package, load="pickle@scan")
        path = family.path(f"{package}/{name}.joblib")
        joblib.dump(model, path, compress=number % 2 * 3)
        family.written(f"{package}/{name}.joblib", "joblib", f"a fitted model of {package}: {name}", made_by=package, load="joblib@scan")
for name, model in XGB.items():
    for extension in ("json", "ubj"):
        path = family.path(f"xgboost/{name}.{extension}")
        model.save_model(path)
        family.written(f"xgboost/{name}.{extension}", f"xgboost-{extension}", f"a model in XGBoost's own format: {name}")
for name, model in LIGHT.items():
    booster = model if name == "booster" else model.booster_
    family.add(f"lightgbm/{name}.txt", booster.model_to_string().encode(), "lightgbm-text", f"a model in LightGBM's own format: {name}", made_by="lightgbm")

family.finish()
