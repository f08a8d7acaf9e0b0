"""ONNX: graphs of common operators, with subgraphs, functions and data beside them, and models converted from others."""

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper
from skl2onnx import to_onnx
from sklearn import ensemble, linear_model, pipeline, preprocessing, svm, tree

from sample import Family

family = Family("benign", "onnx", "onnx")
rng = numpy.random.default_rng(4)


def value(name, shape=(1, 4), kind=TensorProto.FLOAT):
    return helper.make_tensor_value_info(name, kind, shape)


def model(nodes, weights=(), outputs=("y",), **more):
    graph = helper.make_graph(nodes, "graph", [value("x")], [value(name, None) for name in outputs],
                              [numpy_helper.from_array(array, name) for name, array in weights])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9, producer_name="corpus", **more)


UNARY = ["Relu", "Sigmoid", "Tanh", "Exp", "Log", "Neg", "Abs", "Sqrt", "Erf", "Softmax", "Identity", "Floor", "Flatten", "Gelu"][:13]
for operator in UNARY:
    family.add(f"unary/{operator.lower()}.onnx", model([helper.make_node(operator, ["x"], ["y"])]).SerializeToString(), "onnx", f"a graph of one {operator}")
W = rng.normal(size=(4, 2)).astype("float32")
for operator, weight in {"MatMul": W, "Gemm": W, "Add": W[:, 0], "Mul": W[:, 0], "Div": W[:, 0], "Pow": W[:, 0]}.items():
    family.add(f"binary/{operator.lower()}.onnx", model([helper.make_node(operator, ["x", "w"], ["y"])], [("w", weight)]).SerializeToString(), "onnx", f"a graph of one {operator} with weights")
then = helper.make_graph([helper.make_node("Relu", ["x"], ["a"])], "then", [], [value("a", None)])
other = helper.make_graph([helper.make_node("Neg", ["x"], ["b"])], "else", [], [value("b", None)])
condition = helper.make_tensor("c", TensorProto.BOOL, [], [True])
branches = model([helper.make_node("Constant", [], ["c"], value=condition), helper.make_node("If", ["c"], ["y"], then_branch=then, else_branch=other)])
family.add("graphs/if.onnx", branches.SerializeToString(), "onnx", "a graph with two subgraphs")
metadata = model([helper.make_node("Relu", ["x"], ["y"])])
helper.set_model_props(metadata, {"author": "corpus", "note": "ünï"})
family.add("graphs/metadata.onnx", metadata.SerializeToString(), "onnx", "a graph with metadata")
TYPES = ["FLOAT16", "BFLOAT16", "INT8", "UINT8", "INT64", "DOUBLE", "BOOL"]
for kind in TYPES:
    constant = helper.make_tensor("v", TensorProto.DataType.Value(kind), [2], [1, 0])
    family.add(f"types/{kind.lower()}.onnx", model([helper.make_node("Constant", [], ["k"], value=constant), helper.make_node("Identity", ["x"], ["y"])]).SerializeToString(), "onnx", f"a constant of {kind}")
for name, count in {"one": 1, "three": 3}.items():
    weights = [(f"w{number}", rng.normal(size=(4, 4)).astype("float32")) for number in range(count)]
    nodes = [helper.make_node("MatMul", ["x" if number == 0 else f"h{number - 1}", f"w{number}"], ["y" if number == count - 1 else f"h{number}"]) for number in range(count)]
    path = family.path(f"external/{name}/model.onnx")
    onnx.save(model(nodes, weights), path, save_as_external_data=True, location="weights.bin", size_threshold=0)
    family.written(f"external/{name}/model.onnx", "onnx", f"its {count} tensors lie beside it", folder=f"external/{name}")
    family.written(f"external/{name}/weights.bin", "raw", "the numbers of the model beside it", folder=f"external/{name}", companion=True)

X = rng.normal(size=(24, 4)).astype("float32")
Y = (X[:, 0] > 0).astype(int)
CONVERTED = {
    "logistic": linear_model.LogisticRegression(), "linear": linear_model.LinearRegression(), "tree": tree.DecisionTreeClassifier(max_depth=3, random_state=0),
    "forest": ensemble.RandomForestClassifier(2, max_depth=3, random_state=0), "svc": svm.SVC(), "scaler": preprocessing.StandardScaler(),
    "pipeline": pipeline.make_pipeline(preprocessing.StandardScaler(), linear_model.LogisticRegression()),
}
for name, estimator in CONVERTED.items():
    family.add(f"converted/{name}.onnx", to_onnx(estimator.fit(X, Y), X[:1]).SerializeToString(), "onnx", f"converted from scikit-learn: {name}", made_by="skl2onnx", varies=True)

family.finish()
