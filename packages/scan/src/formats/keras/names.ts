import { kerasClasses, kerasFunctions } from './generated/classes.ts';

const words = (text: string): string[] => text.trim().split(/\s+/);

const classesByModule: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(kerasClasses).map(([module, names]) => [module, new Set(words(names))]),
);
const functions: ReadonlySet<string> = new Set(words(kerasFunctions));

/** Names of Keras 1 and 2 (keras 2.15, `keras/src/saving/legacy`) that Keras 3 has no more, or has under another name. */
const legacyNames = words(`
  Model Functional Sequential InputSpec SlicingOpLambda
  BatchNormalizationV1 BatchNormalizationV2 SyncBatchNormalization LayerNormalization
  LSTMV1 LSTMV2 GRUV1 GRUV2 LSTMCellV1 LSTMCellV2 GRUCellV1 GRUCellV2 CuDNNLSTM CuDNNGRU AbstractRNNCell StackedRNNCells
  LocallyConnected1D LocallyConnected2D ThresholdedReLU DenseFeatures AddLoss AddMetric Merge Highway MaxoutDense
  Convolution1D Convolution2D Convolution3D Deconvolution2D Deconvolution3D AtrousConvolution2D ConvLSTM2DCell
  RandomHeight RandomWidth AUC MeanMetricWrapper MeanRelativeError SensitivitySpecificityBase SumOverBatchSize
  LossFunctionWrapper L1 L2 L1L2 WeightRegularizer Uniform Normal LecunUniform GlorotUniform GlorotNormal HeNormal
  HeUniform LecunNormal VarianceScaling RandomUniform RandomNormal TruncatedNormal Zeros Ones Constant Identity
  GlorotUniformV2 ZerosV2 OnesV2 MaxNorm NonNeg UnitNorm MinMaxNorm
  Policy PolicyV1 LossScaleOptimizer LossScaleOptimizerV1 LossScaleOptimizerV3 DynamicLossScale FixedLossScale
  TFOptimizer SGD RMSprop Adagrad Adadelta Adam Adamax Nadam Ftrl
`);

/** Classes that a configuration without modules may name: Keras 2 looks them up among its own. */
const bareNames: ReadonlySet<string> = new Set([
  ...[...classesByModule.values()].flatMap((set) => [...set]),
  ...legacyNames,
]);

/** Whether a module is one of Keras. Keras 2 was a part of TensorFlow, and lives on as `tf_keras`. */
export function isOfKeras(module: string): boolean {
  return /^(keras|tf_keras|tensorflow\.keras|tensorflow\.python\.keras)(\.|$)/.test(module);
}

/** Whether the module of Keras has a class of this name that computes only. */
export function isKnownClass(module: string, name: string): boolean {
  if (classesByModule.get(module)?.has(name) === true) return true;
  const isLegacy =
    !module.startsWith('keras.') || module.startsWith('keras.engine.') || module.startsWith('keras.src.engine.');
  return (isLegacy || isOlderPath(module)) && bareNames.has(name);
}

/** Keras 2.x kept classes in modules of these names, which Keras 3 has moved: `keras.layers.core.dense`. */
function isOlderPath(module: string): boolean {
  return /^keras\.(src\.)?(layers|initializers|optimizers|losses|metrics|regularizers|constraints|mixed_precision|activations|models)(\.|$)/.test(
    module,
  );
}

/** A class without a module. */
export function isBareClass(name: string): boolean {
  return bareNames.has(name);
}

/** Functions that Keras looks up among its own by name alone, or under the modules that they live in. */
export function isKnownFunction(module: string | undefined, name: string): boolean {
  if (!functions.has(name)) return false;
  return (
    module === undefined ||
    module === 'builtins' ||
    /^(tf_)?keras\.(src\.)?(activations|losses|metrics|initializers|constraints|regularizers)(\.|$)/.test(module)
  );
}
