import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../src/bytes/source.ts';
import { judgeConfigText } from '../../src/formats/keras/judge-config.ts';
import { inspect } from './inspect.ts';

const dense = { module: 'keras.layers', class_name: 'Dense', config: { units: 2 }, registered_name: null };

/** What a configuration with one thing in the middle of a model is found to be. */
async function judged(inside: unknown): Promise<{ verdict: string; rules: string[] }> {
  const config = {
    class_name: 'Functional',
    module: 'keras.src.models.functional',
    config: { layers: [dense, { ...dense, config: { kernel_initializer: [inside] } }] },
  };
  const part = await inspect(new MemorySource(new Uint8Array(0)), (inspection) => {
    judgeConfigText(inspection, JSON.stringify(config), 'config');
  });
  return { verdict: part.verdict, rules: part.findings.map(({ rule }) => rule.replace('scan.keras.', '')) };
}

/** keras/src/saving/serialization_lib.py and keras/src/legacy/saving say what each of these would do. */
describe('a configuration', () => {
  it.each<[string, unknown]>([
    ['a layer', dense],
    ['a layer of Keras 2', { class_name: 'LSTM', config: {} }],
    ['a layer of a module that Keras 3 moved', { module: 'keras.layers.core.dense', class_name: 'Dense', config: {} }],
    [
      'an initialiser',
      { module: 'keras.initializers', class_name: 'GlorotUniform', config: {}, registered_name: null },
    ],
    ['an activation', { module: 'builtins', class_name: 'function', config: 'relu', registered_name: 'function' }],
    ['a loss', { module: 'keras.losses', class_name: 'function', config: 'mean_squared_error' }],
    ['a shape', { class_name: 'TensorShape', items: [null, 2] }],
    ['an array', { class_name: '__numpy__', config: { value: [1], dtype: 'float32' } }],
    ['words of a vocabulary', { module: 'keras.layers', class_name: 'StringLookup', config: { vocabulary: ['a'] } }],
    ['an operation of TensorFlow', { class_name: 'TFOpLambda', config: { function: 'math.add' } }],
    ['a slice', { class_name: 'TFOpLambda', config: { function: '__operators__.getitem' } }],
    [
      'a part of TensorFlow that is still tried',
      { class_name: 'TFOpLambda', config: { function: 'nn.experimental.stateless_dropout' } },
    ],
    ['an activation as an operation', { class_name: 'TFOpLambda', config: { function: 'keras.activations.gelu' } }],
  ])('with %s is clean', async (_, inside) => {
    expect(await judged(inside)).toEqual({ verdict: 'pass', rules: [] });
  });

  it.each<[string, string, unknown]>([
    ['a Lambda', 'lambda', { class_name: 'Lambda', module: 'keras.layers', config: {} }],
    ['a Lambda of a package', 'lambda', { class_name: 'Custom>Lambda', config: {} }],
    ['a function in bytes', 'lambda', { class_name: '__lambda__', config: { value: 'bWFya2Vy' } }],
    ['a function of Python', 'reaches', { module: 'builtins', class_name: 'eval', config: {} }],
    ['a program', 'reaches', { module: 'os', class_name: 'function', config: 'system' }],
    ['a program behind another module', 'reaches', { module: 'posix', class_name: 'system', config: {} }],
    ['an import', 'reaches', { module: 'importlib', class_name: 'function', config: 'import_module' }],
    ['a tool of Keras', 'reaches', { module: 'keras.utils', class_name: 'function', config: 'get_file' }],
    ['a file to be written', 'reaches', { class_name: 'TFOpLambda', config: { function: 'io.write_file' } }],
    ['a SavedModel', 'foreign-model', { module: 'keras.layers', class_name: 'TFSMLayer', config: { filepath: 'x' } }],
    ['a module of PyTorch', 'foreign-model', { module: 'keras.layers', class_name: 'TorchModuleWrapper', config: {} }],
    [
      'a file of the machine',
      'file',
      { module: 'keras.layers', class_name: 'StringLookup', config: { vocabulary: '/x/y' } },
    ],
    [
      'an address',
      'file',
      { module: 'keras.layers', class_name: 'TextVectorization', config: { vocabulary: 'https://x/y' } },
    ],
  ])('with %s fails', async (_, rule, inside) => {
    const { verdict, rules } = await judged(inside);
    expect(verdict).toBe('fail');
    expect(rules).toContain(rule);
  });

  it.each<[string, string, unknown]>([
    [
      'a class of a package',
      'custom',
      { module: 'mine.layers', class_name: 'Mine', config: {}, registered_name: 'mine>Mine' },
    ],
    ['a registered class', 'custom', { module: null, class_name: 'Mine', config: {}, registered_name: 'mine>Mine' }],
    ['a registered name over a class of Keras', 'custom', { ...dense, registered_name: 'mine>Dense' }],
    ['a class that Keras does not have', 'custom', { module: 'keras.layers', class_name: 'Nothing', config: {} }],
    ['a function that is registered', 'custom', { module: 'builtins', class_name: 'function', config: 'mine' }],
    ['an operation of TensorFlow', 'custom', { class_name: 'TFOpLambda', config: { function: 'somebody.else' } }],
    [
      'words from a file',
      'vocabulary',
      { module: 'keras.layers', class_name: 'StringLookup', config: { vocabulary: 'words.txt' } },
    ],
  ])('with %s is unknown', async (_, rule, inside) => {
    expect(await judged(inside)).toEqual({ verdict: 'unknown', rules: [rule] });
  });

  it('finds what is nested in what is nested', async () => {
    let inside: unknown = { class_name: 'Lambda', config: {} };
    for (let depth = 0; depth < 90; depth++)
      inside = { ...dense, class_name: 'TimeDistributed', config: { layer: inside } };
    expect(await judged(inside)).toMatchObject({ verdict: 'fail' });
  });

  it('deeper than any model is unknown', async () => {
    let inside: unknown = {};
    for (let depth = 0; depth < 1000; depth++) inside = [inside];
    expect(await judged(inside)).toEqual({ verdict: 'unknown', rules: [] });
  });
});

/** tensorflow 2.15, `TFOpLambda.from_config`, calls whatever TensorFlow exports under the name. */
describe('an operation of TensorFlow that is more than a function of tensors is unknown', () => {
  it.each(['keras.activations.deserialize', 'keras.activations.get', 'nn.RNNCellDeviceWrapper', 'math.a.b'])(
    '%s',
    async (name) => {
      const operation = { class_name: 'TFOpLambda', config: { function: name } };
      expect(await judged(operation)).toEqual({ verdict: 'unknown', rules: ['custom'] });
    },
  );
});
