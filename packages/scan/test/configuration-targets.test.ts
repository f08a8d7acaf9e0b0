import { expect, test } from 'vitest';
import { scanBytes } from '../src/scan-bytes.ts';

/** PyYAML 6 reads each of these as `{'_target_': 'os.system'}`, or as what is named. */
const yaml: readonly (readonly [string, string])[] = [
  ['_target_: os.system\n', 'fail'],
  ['"\\x5ftarget_": os.system\n', 'fail'],
  ['"_tar\\\n  get_": os.system\n', 'fail'],
  ['_target_: "\\x6fs.system"\n', 'fail'],
  ['{_target_: os.system, x: 1}\n', 'fail'],
  ['class_path: os.system\n', 'fail'],
  ['_target_: >-\n  os.system\n', 'unknown'],
  ['_target_: &a os.system\n', 'unknown'],
  ['_target_: !!str os.system\n', 'unknown'],
  ['_target_: # a comment\n  os.system\n', 'unknown'],
  ['a: &key _target_\n*key : os.system\n', 'unknown'],
  ['trust_remote_code: !!bool true\n', 'unknown'],
  ['trust_remote_code: &a true\n', 'unknown'],
  ['\ufeff%TAG !! tag:example.org,2026:\n---\n!!map {}\n', 'unknown'],
  ['trust_remote_code: false\nname: a\n', 'pass'],
];

test.each(yaml)('YAML %j', async (text, verdict) => {
  expect(await scanBytes(Buffer.from(text), 'config.yaml')).toMatchObject({ verdict });
});

const lambda = { class_name: 'Lambda', config: { function: 'x' } };
const many = Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`k${index}`, 1]));
const json: readonly (readonly [string, unknown, string])[] = [
  // keras.saving.deserialize_keras_object makes what is inside of a dictionary without a class, too.
  ['model.json', { a: lambda }, 'unknown'],
  ['model.json', [[{ b: lambda }]], 'unknown'],
  ['model.json', { ...many, ...lambda }, 'unknown'],
  ['train.ipynb', { nbformat: 3, worksheets: [] }, 'unknown'],
  ['train.json', { ...many, nbformat: 4, cells: [] }, 'unknown'],
  ['config.json', { activation_function: 'os.system' }, 'fail'],
  ['config.json', { activation_fn: 'somebody.Module' }, 'unknown'],
  ['router_config.json', { types: { query: 'os.system' } }, 'fail'],
  ['config.json', { class_path: 'os.system' }, 'fail'],
  ['config.json', { _target_: 'torch.load' }, 'fail'],
  ['config.json', { _target_: 'torch.hub.load' }, 'fail'],
  ['config.json', { _target_: 'random._os.system' }, 'fail'],
  ['config.json', { _target_: 'pandas.read_pickle' }, 'fail'],
  ['config.json', { _target_: 'sklearn.svm.SVC' }, 'unknown'],
  ['modules.json', [{ type: 'sentence_transformers.models.Pooling', path: '1_Pooling' }], 'pass'],
  ['modules.json', [{ type: 'sentence_transformers.SentenceTransformer.torch', path: 'x' }], 'unknown'],
  ['config.json', { attn_implementation: 'somebody/kernel' }, 'unknown'],
  ['config.json', { activation_function: 'gelu_new', attn_implementation: 'sdpa' }, 'pass'],
  ['config.json', { activation_function: 'torch.nn.modules.activation.Tanh' }, 'pass'],
  ['router_config.json', { types: { query: 'sentence_transformers.models.Transformer' } }, 'pass'],
  ['config.json', { class_name: 'a', model: { config: {} } }, 'pass'],
];

test.each(json)('%s of %j', async (name, content, verdict) => {
  expect(await scanBytes(Buffer.from(JSON.stringify(content)), name)).toMatchObject({ verdict });
});
