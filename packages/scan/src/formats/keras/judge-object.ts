import { shown } from '../../finding.ts';
import type { Inspection } from '../../inspection.ts';
import { isBareClass, isKnownClass, isKnownFunction, isOfKeras } from './names.ts';
import { reportCustom, reportForeign } from './reach.ts';
import { kerasRules } from './rules.ts';

type Config = Readonly<Record<string, unknown>>;

/** Values that Keras 3 writes as objects (keras/src/saving/serialization_lib.py); what is in them is judged by itself. */
const plain: ReadonlySet<string> = new Set([
  ...['__keras_tensor__', '__tensor__', '__numpy__', '__bytes__', '__ellipsis__', '__slice__'],
  // Keras 2: a shape, a NumPy array.
  ...['TensorShape', 'ndarray', '__tuple__', '__passive_serialization__'],
]);

/** Layers that load another model: a SavedModel by its path, a pickled module of PyTorch, traced functions of JAX. */
const foreignLayers: ReadonlySet<string> = new Set(['TFSMLayer', 'TorchModuleWrapper', 'JaxLayer', 'FlaxLayer']);

/** Judges one object of a configuration, without what is inside of it; an object of no class is a dictionary. */
export function judgeObject(part: Inspection, object: Config, path: string): void {
  const { class_name: name } = object;
  if (name === undefined) {
    if (object['function_type'] === 'lambda') reportLambda(part, path);
    return;
  }
  if (typeof name !== 'string') part.leave(`${path}: a class that is named by no text`);
  else if (name === 'Lambda' || name === '__lambda__' || name.endsWith('>Lambda')) reportLambda(part, path);
  else if (plain.has(name)) return;
  else if (foreignLayers.has(name.slice(name.lastIndexOf('>') + 1))) reportForeignLayer(part, name, path);
  else if (name === 'TFOpLambda' || name === 'TensorFlowOpLayer') judgeOperation(part, object, path);
  else if (name === 'function') judgeFunction(part, object, path);
  else judgeClass(part, object, name, path);
}

function reportLambda(part: Inspection, path: string): void {
  part.report(kerasRules.lambda, {
    message: 'a Lambda carries Python code of its own',
    within: path,
    reaches: 'Lambda',
    when: 'when Keras loads the model without safe mode, and whenever it is used',
  });
}

function reportForeignLayer(part: Inspection, name: string, path: string): void {
  const message = `the layer ${shown(name)} loads another model`;
  part.report(kerasRules.foreignModel, { message, within: path, reaches: name, when: 'when Keras loads the model' });
}

function judgeClass(part: Inspection, object: Config, name: string, path: string): void {
  const { module, registered_name: registered } = object;
  judgeFiles(part, object['config'], name, path);
  const other = typeof registered === 'string' && registered !== name ? registered : undefined;
  if (module === undefined || module === null) {
    if (!isBareClass(name)) reportCustom(part, other ?? name, path);
  } else if (typeof module !== 'string') part.leave(`${path}: a module that is named by no text`);
  else if (!isOfKeras(module)) reportForeign(part, { module, name }, other, path);
  // A registered name counts before the module: what was registered under it is not Keras's.
  else if (other !== undefined) reportCustom(part, other, path);
  else if (!isKnownClass(module, name)) reportCustom(part, `${module}.${name}`, path);
}

/** A function is written with its name as the configuration, and the module that it is from. */
function judgeFunction(part: Inspection, object: Config, path: string): void {
  const { config: name, module, registered_name: registered } = object;
  if (typeof name !== 'string') {
    part.leave(`${path}: a function that is named by no text`);
    return;
  }
  const from = typeof module === 'string' ? module : undefined;
  const isOwn = registered === undefined || registered === null || registered === 'function' || registered === name;
  if (isOwn && isKnownFunction(from, name)) return;
  if (from === undefined || from === 'builtins') reportCustom(part, name, path);
  else if (isOfKeras(from)) reportTool(part, `${from}.${name}`, path);
  else reportForeign(part, { module: from, name }, typeof registered === 'string' ? registered : undefined, path);
}

/** A function of Keras that is none of a model's: some read and write files, or fetch them. */
function reportTool(part: Inspection, name: string, path: string): void {
  const message = `the configuration calls ${shown(name)}, which is no part of a model`;
  part.report(kerasRules.reaches, { message, within: path, reaches: name, when: 'when Keras loads the model' });
}

/** Layers of words take a path instead of their words. */
function judgeFiles(part: Inspection, config: unknown, name: string, path: string): void {
  if (typeof config !== 'object' || config === null) return;
  for (const key of ['vocabulary', 'idf_weights', 'vocabulary_file', 'filepath', 'weights_path']) {
    const value = (config as Config)[key];
    if (typeof value !== 'string' || value === '') continue;
    const isOutside = /^([/\\~]|[a-z]:)|:\/\/|(^|[/\\])\.\.([/\\]|$)/i.test(value);
    part.report(isOutside ? kerasRules.file : kerasRules.vocabulary, {
      message: `${shown(name)} reads the file ${shown(value)}`,
      within: `${path}.config.${key}`,
      when: 'when Keras loads the model',
    });
  }
}

/**
 * Parts of TensorFlow's API that compute on tensors, as `TFOpLambda` of Keras 2 names them (tensorflow 2.21.0: all names
 * of these modules in lower case are functions of tensors). `keras.activations` has functions that make objects, too.
 */
const computes = new RegExp(
  '^((math|nn|linalg|signal)\\.[a-z][a-z_0-9]*' +
    '|nn\\.experimental\\.(general_dropout|stateless_dropout)|linalg\\.experimental\\.conjugate_gradient' +
    '|__operators__\\.(getitem|ragged_getitem)' +
    '|cast|reshape|concat|stack|unstack|split|expand_dims|squeeze|tile|transpose|shape|identity|one_hot|pad|where' +
    '|zeros_like|ones_like|zeros|ones|fill|range|gather|gather_nd|slice|strided_slice|clip_by_value|reverse|broadcast_to' +
    '|convert_to_tensor|boolean_mask|repeat|norm|einsum|image\\.(resize|crop_to_bounding_box|flip_left_right)' +
    '|compat\\.v1\\.(shape|transpose|gather|squeeze|math\\.[a-z_]+|nn\\.[a-z_]+))$',
);

/** An operation of TensorFlow as a layer. */
function judgeOperation(part: Inspection, { config, class_name: kind }: Config, path: string): void {
  const name = typeof config === 'object' && config !== null ? (config as Config)['function'] : undefined;
  const isActivation = typeof name === 'string' && /^keras\.activations\.\w+$/.test(name);
  if (kind === 'TFOpLambda' && isActivation && isKnownFunction(undefined, name.slice(name.lastIndexOf('.') + 1)))
    return;
  if (kind === 'TFOpLambda' && typeof name === 'string' && computes.test(name)) return;
  if (
    typeof name === 'string' &&
    /(^|\.)(py_function|numpy_function|py_func|raw_ops|io|load_library|load_op_library)(\.|$)/.test(name)
  ) {
    reportTool(part, `tensorflow.${name}`, path);
  } else reportCustom(part, typeof name === 'string' ? `tensorflow.${name}` : String(kind), path);
}
