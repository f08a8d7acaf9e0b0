"""The models: on what, of what, exported how."""
from collections.abc import Callable
from dataclasses import dataclass

from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from torch import nn

from networks import Binary, ChannelsLast, Cnn, Mlp, Recurrent, Residual, Sixteenths, Standardised, Transformer
from samples import statistics

# Opsets by exporter of PyTorch: by tracing ("trace", the older) and by torch.export ("export").
TRACED, EXPORTED = (("trace", 11), ("trace", 13), ("trace", 17)), (("export", 18),)


@dataclass(frozen=True)
class Model:
    name: str
    data: str
    network: Callable[[], nn.Module]
    exports: tuple = EXPORTED
    weights: str | None = None  # whose weights it shares
    input: str = "plain"  # how the data are prepared: samples.INPUTS
    outputs: str = "logits"  # or `probabilities`, or `values` of a regression
    epochs: int = 30
    rate: float = 0.01
    learner: Callable | None = None  # of scikit-learn, on standardised columns

    @property
    def attacked(self):
        """Whether attacks on images are recorded for it."""
        return self.data == "digits" and self.weights is None


def standardised(name, core):
    mean, deviation, _, _ = statistics(name)
    return Standardised(core, mean, deviation)


def digits(name, network, exports=EXPORTED, **more):
    return Model(name, "digits", network, exports, **more)


CATALOGUE = [
    digits("digits-cnn", Cnn, TRACED + EXPORTED + (("export", 23),)),
    digits("digits-residual", Residual, TRACED + EXPORTED),
    digits("digits-mlp", lambda: Mlp((64, 32, 32, 10)), TRACED[:1] + EXPORTED),
    digits("digits-mlp-softmax", lambda: Mlp((64, 32, 32, 10), softmax=True), TRACED[:2] + EXPORTED,
           weights="digits-mlp", outputs="probabilities"),
    digits("digits-transformer", Transformer, TRACED + EXPORTED + (("export", 23),), epochs=80),
    digits("digits-gru", lambda: Recurrent("gru"), TRACED + EXPORTED, epochs=80),
    digits("digits-lstm", lambda: Recurrent("lstm"), TRACED + EXPORTED),
    digits("digits-normalised", lambda: standardised("digits", Cnn())),
    digits("digits-normalised-outside", Cnn, weights="digits-normalised", input="normalised"),
    digits("digits-channels-last", lambda: ChannelsLast(Cnn()), weights="digits-cnn", input="channels-last"),
    digits("digits-sixteenths", lambda: Sixteenths(Cnn()), weights="digits-cnn", input="sixteenths"),
    Model("breast-cancer-mlp", "breast-cancer", lambda: standardised("breast-cancer", Mlp((30, 16, 2))),
          TRACED[:2] + EXPORTED, epochs=20),
    Model("diabetes-mlp", "diabetes", lambda: standardised("diabetes", Mlp((10, 16, 1))), TRACED[:2] + EXPORTED,
          outputs="values", epochs=200, rate=0.05),
    Model("wine-logistic", "wine", lambda: standardised("wine", Mlp((13, 3))), (("skl2onnx", 13), ("skl2onnx", 18)),
          outputs="probabilities", learner=lambda: LogisticRegression(C=1.0)),
    Model("breast-cancer-logistic", "breast-cancer", lambda: standardised("breast-cancer", Binary(30)),
          (("skl2onnx", 18),), outputs="probabilities", learner=lambda: LogisticRegression(C=0.1)),
    Model("wine-mlp", "wine", lambda: standardised("wine", Mlp((13, 12, 3))), (("skl2onnx", 13), ("skl2onnx", 18)),
          outputs="probabilities", learner=lambda: MLPClassifier((12,), solver="lbfgs", alpha=1.0, random_state=5, max_iter=300)),
]


def model(name):
    for one in CATALOGUE:
        if one.name == name:
            return one
    raise SystemExit(f"no model `{name}` in the catalogue; there are: {', '.join(one.name for one in CATALOGUE)}")


def file_name(name, exporter, opset):
    return f"{name}.{exporter}-{opset}.onnx"
