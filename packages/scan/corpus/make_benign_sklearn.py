"""Whole fitted estimators of scikit-learn: by pickle in every protocol, by joblib with every compression."""

import pickle
import warnings

import joblib
import numpy
import scipy.sparse
from sklearn import (cluster, compose, covariance, cross_decomposition, decomposition, discriminant_analysis, ensemble, feature_extraction,
                     feature_selection, gaussian_process, impute, isotonic, kernel_approximation, kernel_ridge, linear_model, manifold,
                     mixture, model_selection, multiclass, naive_bayes, neighbors, neural_network, pipeline, preprocessing, random_projection, svm, tree, calibration)

from sample import Family

warnings.simplefilter("ignore")
family = Family("benign", "sklearn", "scikit-learn")
rng = numpy.random.default_rng(4)
X = rng.normal(size=(24, 4))
Y = (X[:, 0] + X[:, 1] > 0).astype(int)
T = X @ [1.0, 2.0, 0.0, -1.0]
TEXTS = ["hold fast", "let go", "hold on", "go far"] * 3
LABELS = [1, 0, 1, 0] * 3

ESTIMATORS = {
    "logistic": linear_model.LogisticRegression().fit(X, Y),
    "linear": linear_model.LinearRegression().fit(X, T),
    "ridge": linear_model.Ridge().fit(X, T),
    "lasso": linear_model.Lasso().fit(X, T),
    "elastic-net": linear_model.ElasticNet().fit(X, T),
    "sgd": linear_model.SGDClassifier(random_state=0).fit(X, Y),
    "perceptron": linear_model.Perceptron().fit(X, Y),
    "bayesian-ridge": linear_model.BayesianRidge().fit(X, T),
    "huber": linear_model.HuberRegressor().fit(X, T),
    "poisson": linear_model.PoissonRegressor().fit(X, abs(T)),
    "svc": svm.SVC().fit(X, Y),
    "linear-svc": svm.LinearSVC().fit(X, Y),
    "svr": svm.SVR().fit(X, T),
    "one-class-svm": svm.OneClassSVM().fit(X),
    "tree": tree.DecisionTreeClassifier(random_state=0).fit(X, Y),
    "tree-regressor": tree.DecisionTreeRegressor(max_depth=3, random_state=0).fit(X, T),
    "forest": ensemble.RandomForestClassifier(3, random_state=0).fit(X, Y),
    "forest-regressor": ensemble.RandomForestRegressor(3, random_state=0).fit(X, T),
    "extra-trees": ensemble.ExtraTreesClassifier(2, random_state=0).fit(X, Y),
    "boosting": ensemble.GradientBoostingClassifier(n_estimators=3, random_state=0).fit(X, Y),
    "hist-boosting": ensemble.HistGradientBoostingClassifier(max_iter=3, random_state=0).fit(X, Y),
    "ada": ensemble.AdaBoostClassifier(n_estimators=3, random_state=0).fit(X, Y),
    "bagging": ensemble.BaggingClassifier(n_estimators=2, random_state=0).fit(X, Y),
    "isolation": ensemble.IsolationForest(n_estimators=2, random_state=0).fit(X),
    "voting": ensemble.VotingClassifier([("a", naive_bayes.GaussianNB()), ("b", linear_model.LogisticRegression())]).fit(X, Y),
    "stacking": ensemble.StackingClassifier([("a", naive_bayes.GaussianNB())], cv=2).fit(X, Y),
    "gaussian-nb": naive_bayes.GaussianNB().fit(X, Y),
    "multinomial-nb": naive_bayes.MultinomialNB().fit(abs(X), Y),
    "bernoulli-nb": naive_bayes.BernoulliNB().fit(X, Y),
    "neighbours": neighbors.KNeighborsClassifier(3).fit(X, Y),
    "neighbours-tree": neighbors.KNeighborsRegressor(3, algorithm="kd_tree").fit(X, T),
    "nearest-ball": neighbors.NearestNeighbors(algorithm="ball_tree").fit(X),
    "kernel-density": neighbors.KernelDensity().fit(X),
    "outlier-factor": neighbors.LocalOutlierFactor(5, novelty=True).fit(X),
    "mlp": neural_network.MLPClassifier((5,), max_iter=20, random_state=0).fit(X, Y),
    "gaussian-process": gaussian_process.GaussianProcessRegressor(gaussian_process.kernels.RBF()).fit(X, T),
    "kernel-ridge": kernel_ridge.KernelRidge().fit(X, T),
    "lda": discriminant_analysis.LinearDiscriminantAnalysis().fit(X, Y),
    "qda": discriminant_analysis.QuadraticDiscriminantAnalysis(reg_param=0.5).fit(X, Y),
    "kmeans": cluster.KMeans(2, n_init=1, random_state=0).fit(X),
    "dbscan": cluster.DBSCAN().fit(X),
    "agglomerative": cluster.AgglomerativeClustering(2).fit(X),
    "mini-kmeans": cluster.MiniBatchKMeans(2, n_init=1, random_state=0).fit(X),
    "mixture": mixture.GaussianMixture(2, random_state=0).fit(X),
    "pca": decomposition.PCA(2, random_state=0).fit(X),
    "svd": decomposition.TruncatedSVD(2, random_state=0).fit(X),
    "nmf": decomposition.NMF(2, random_state=0, max_iter=20).fit(abs(X)),
    "ica": decomposition.FastICA(2, random_state=0).fit(X),
    "topics": decomposition.LatentDirichletAllocation(2, random_state=0, max_iter=2).fit(abs(X)),
    "isomap": manifold.Isomap(n_neighbors=4).fit(X),
    "pls": cross_decomposition.PLSRegression().fit(X, T),
    "covariance": covariance.EmpiricalCovariance().fit(X),
    "elliptic": covariance.EllipticEnvelope(random_state=0).fit(X),
    "isotonic": isotonic.IsotonicRegression().fit(X[:, 0], T),
    "standard-scaler": preprocessing.StandardScaler().fit(X),
    "min-max": preprocessing.MinMaxScaler().fit(X),
    "robust": preprocessing.RobustScaler().fit(X),
    "power": preprocessing.PowerTransformer().fit(X),
    "quantile": preprocessing.QuantileTransformer(n_quantiles=8, random_state=0).fit(X),
    "one-hot": preprocessing.OneHotEncoder().fit([["a"], ["b"]]),
    "ordinal": preprocessing.OrdinalEncoder().fit([["a"], ["b"]]),
    "label": preprocessing.LabelEncoder().fit(["a", "b"]),
    "bins": preprocessing.KBinsDiscretizer(3, random_state=0, quantile_method="averaged_inverted_cdf").fit(X),
    "polynomial": preprocessing.PolynomialFeatures().fit(X),
    "spline": preprocessing.SplineTransformer().fit(X),
    "imputer": impute.SimpleImputer().fit(X),
    "knn-imputer": impute.KNNImputer().fit(X),
    "k-best": feature_selection.SelectKBest(k=2).fit(X, Y),
    "variance": feature_selection.VarianceThreshold().fit(X),
    "rfe": feature_selection.RFE(linear_model.LogisticRegression(), n_features_to_select=2).fit(X, Y),
    "count-vectorizer": feature_extraction.text.CountVectorizer().fit(TEXTS),
    "tf-idf": feature_extraction.text.TfidfVectorizer().fit(TEXTS),
    "dict-vectorizer": feature_extraction.DictVectorizer().fit([{"a": 1}, {"b": 2}]),
    "hashing": feature_extraction.text.HashingVectorizer(n_features=16),
    "rbf-sampler": kernel_approximation.RBFSampler(n_components=4, random_state=0).fit(X),
    "nystroem": kernel_approximation.Nystroem(n_components=4, random_state=0).fit(X),
    "projection": random_projection.GaussianRandomProjection(2, random_state=0).fit(X),
    "one-vs-rest": multiclass.OneVsRestClassifier(linear_model.LogisticRegression()).fit(X, Y),
    "calibrated": calibration.CalibratedClassifierCV(naive_bayes.GaussianNB(), cv=2).fit(X, Y),
    "grid": model_selection.GridSearchCV(naive_bayes.GaussianNB(), {"var_smoothing": [1e-9, 1e-3]}, cv=2).fit(X, Y),
    "pipeline": pipeline.make_pipeline(preprocessing.StandardScaler(), linear_model.LogisticRegression()).fit(X, Y),
    "text-pipeline": pipeline.make_pipeline(feature_extraction.text.TfidfVectorizer(), naive_bayes.MultinomialNB()).fit(TEXTS, LABELS),
    "columns": compose.ColumnTransformer([("n", preprocessing.StandardScaler(), [0, 1]), ("p", "passthrough", [2])]).fit(X),
    "union": pipeline.FeatureUnion([("a", decomposition.PCA(2, random_state=0)), ("b", preprocessing.MinMaxScaler())]).fit(X),
    "target": compose.TransformedTargetRegressor(linear_model.LinearRegression(), transformer=preprocessing.StandardScaler()).fit(X, T),
    "function-log1p": preprocessing.FunctionTransformer(numpy.log1p).fit(abs(X)),
}

for number, (name, estimator) in enumerate(ESTIMATORS.items()):
    protocol = number % 6
    family.add(f"pickle/{name}-p{protocol}.pkl", pickle.dumps(estimator, protocol), "pickle", f"a fitted estimator: {name}", load="pickle@scan")
    if protocol < 2:
        # What `joblib.dump` and `pickle.dump` write today.
        family.add(f"pickle/{name}-p4.pkl", pickle.dumps(estimator, 4), "pickle", f"a fitted estimator: {name}", load="pickle@scan")

COMPRESSIONS = {".joblib": 0, ".joblib.z": ("zlib", 3), ".joblib.gz": ("gzip", 3), ".joblib.bz2": ("bz2", 3), ".joblib.xz": ("xz", 3), ".joblib.lzma": ("lzma", 3), ".joblib.lz4": ("lz4", 3)}
for number, (name, estimator) in enumerate(ESTIMATORS.items()):
    kinds = list(COMPRESSIONS) if name in ("forest", "pipeline", "standard-scaler") else [list(COMPRESSIONS)[number % 7]]
    for extension in kinds:
        path = family.path(f"joblib/{name}{extension}")
        joblib.dump(estimator, path, compress=COMPRESSIONS[extension])
        family.written(f"joblib/{name}{extension}", "joblib", f"a fitted estimator: {name}", made_by="joblib", load="joblib@scan")

PARTS = {
    "csr": scipy.sparse.csr_matrix(X),
    "csc": scipy.sparse.csc_array(X),
    "coo": scipy.sparse.coo_matrix(X),
    "arrays": {"a": X, "b": [Y, T]},
    "bunch": __import__("sklearn.utils", fromlist=["Bunch"]).Bunch(data=X, target=Y),
}
for name, value in PARTS.items():
    family.add(f"parts/{name}.pkl", pickle.dumps(value, 4), "pickle", f"data beside a model: {name}", load="pickle@scan")
    joblib.dump(value, family.path(f"parts/{name}.joblib"))
    family.written(f"parts/{name}.joblib", "joblib", f"data beside a model: {name}", made_by="joblib", load="joblib@scan")

family.finish()
