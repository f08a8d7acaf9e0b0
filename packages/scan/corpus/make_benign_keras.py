"""Keras models in its archive and in HDF5, and TensorFlow's SavedModel."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import tensorflow

from sample import Family

family = Family("benign", "keras", "keras")
keras.utils.set_random_seed(4)
L = keras.layers
MODELS = {
    "dense": [keras.Input((4,)), L.Dense(3, activation="relu"), L.Dense(1)],
    "convolution": [keras.Input((8, 8, 1)), L.Conv2D(2, 3), L.MaxPooling2D(), L.BatchNormalization(), L.Flatten(), L.Dense(2, activation="softmax")],
    "lstm": [keras.Input((3, 2)), L.LSTM(2), L.Dropout(0.1), L.Dense(1, kernel_regularizer="l2")],
    "embedding": [keras.Input((4,), dtype="int32"), L.Embedding(8, 2), L.GlobalAveragePooling1D(), L.LayerNormalization()],
    "wrapped": [keras.Input((3, 4)), L.TimeDistributed(L.Dense(2)), L.Bidirectional(L.GRU(2))],
    "preprocessing": [keras.Input((4,)), L.Rescaling(0.5), L.GaussianNoise(0.1), L.Dense(1, activation=keras.activations.gelu)],
}
for name, layers in MODELS.items():
    model = keras.Sequential(layers, name=name)
    if name == "dense":
        model.compile("adam", "mse", metrics=["mae"])
    for extension, format in (("keras", "keras"), ("h5", "hdf5"), ("weights.h5", "hdf5")):
        path = f"{name}/model.{extension}"
        save = model.save_weights if extension == "weights.h5" else model.save
        save(family.path(path))
        family.written(path, format, f"a model of Keras: {name}", varies=True)
inputs = keras.Input((4,))
left, right = L.Dense(2)(inputs), L.Dense(2)(inputs)
keras.Model(inputs, L.Concatenate()([left, L.Activation("tanh")(right)])).save(family.path("functional/model.keras"))
family.written("functional/model.keras", "keras", "a model with two branches", varies=True)


class Scale(tensorflow.Module):
    def __init__(self):
        super().__init__()
        self.w = tensorflow.Variable(tensorflow.ones([2]))

    @tensorflow.function(input_signature=[tensorflow.TensorSpec([None, 2], tensorflow.float32)])
    def __call__(self, x):
        return {"y": x * self.w}


module = Scale()
tensorflow.saved_model.save(module, str(family.path("saved/module")), signatures={"serving_default": module.__call__})
for path in sorted((family.folder / "saved/module").rglob("*")):
    if path.is_file():
        name = path.relative_to(family.folder).as_posix()
        graph = path.name == "saved_model.pb"
        family.written(name, "savedmodel" if graph else "raw", "a SavedModel" if graph else "a part of it", made_by="tensorflow", varies=True, folder="saved/module", **({} if graph else {"companion": True}))

family.finish()
