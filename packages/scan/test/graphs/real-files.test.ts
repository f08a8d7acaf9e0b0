import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { scanFile } from '../../src/scan-file.ts';

const folder = fileURLToPath(new URL('./files/', import.meta.url));
const scan = (path: string) => scanFile(folder + path);

/*
 * What the frameworks of files/versions.json wrote (make-files.py); what is in each file is known from that script.
 */
describe('Keras models', () => {
  it.each([
    ...['mlp.keras', 'functional.keras', 'recurrent.keras', 'words.keras'],
    ...['mlp.h5', 'functional.h5', 'recurrent.h5', 'mlp.weights.h5'],
  ])('of layers that Keras has are clean: %s', async (file) => {
    expect(await scan(file)).toMatchObject({ verdict: 'pass', findings: [], left: [] });
  });

  it.each([...['lambda.keras', 'nested-lambda.keras', 'lambda.h5', 'nested-lambda.h5', 'keras_metadata-lambda.pb']])(
    'with a Lambda at any depth fail: %s',
    async (file) => {
      const { verdict, findings } = await scan(file);
      expect(verdict).toBe('fail');
      expect(findings.map(({ rule }) => rule)).toContain('scan.keras.lambda');
    },
  );

  it.each(['custom.keras', 'custom.h5'])(
    'with a class of somebody else are unknown until it is allowed: %s',
    async (file) => {
      expect(await scan(file)).toMatchObject({ verdict: 'unknown', findings: [{ rule: 'scan.keras.custom' }] });
      const allow = { callables: new Set(['somebody>Doubled']), digests: new Set<string>() };
      expect(await scanFile(folder + file, { allow })).toMatchObject({ verdict: 'pass' });
    },
  );
});

describe('HDF5 files', () => {
  it.each(['plain.hdf5', 'plain-v108.hdf5', 'plain-latest.hdf5', 'many.hdf5'])(
    'of numbers and words are clean: %s',
    async (file) => {
      expect(await scan(file)).toMatchObject({ verdict: 'pass', format: 'hdf5', findings: [], left: [] });
    },
  );

  it.each([
    ['external-link.hdf5', 'scan.hdf5.external-link'],
    ['external-storage.hdf5', 'scan.hdf5.external-storage'],
    ['virtual.hdf5', 'scan.hdf5.virtual-dataset'],
  ])('that reach into other files fail: %s', async (file, rule) => {
    expect(await scan(file)).toMatchObject({ verdict: 'fail', findings: [{ rule }] });
  });

  it('with a filter that is a plug-in are unknown', async () => {
    expect(await scan('plug-in.hdf5')).toMatchObject({ verdict: 'unknown', findings: [{ rule: 'scan.hdf5.filter' }] });
  });

  it.each([
    ['user-block.hdf5', '512 bytes stand before the HDF5 file: another program may read them'],
    ['pickled-values.hdf5', 'the values of `/x` are a pickle, which some libraries load'],
    ['hickle.hdf5', 'hickle wrote it, which unpickles values when it reads'],
    ['pytables.hdf5', 'PyTables wrote it, which unpickles attributes when it reads'],
  ])('that are read by others in other ways are unknown: %s', async (file, reason) => {
    expect(await scan(file)).toMatchObject({ verdict: 'unknown', left: [{ reason }] });
  });
});

describe('TensorFlow models', () => {
  it.each([
    ...['saved-keras', 'saved-words', 'saved-computes', 'saved-says', 'saved-v1', 'saved-table'].map(
      (name) => `${name}/saved_model.pb`,
    ),
    ...['saved-keras/fingerprint.pb', 'saved-keras/variables/variables.index', 'frozen.pb', 'keras_metadata.pb'],
  ])('that compute, save and restore themselves are clean: %s', async (file) => {
    expect(await scan(file)).toMatchObject({ verdict: 'pass', findings: [], left: [] });
  });

  it.each([
    ['saved-reads/saved_model.pb', 'tensorflow.ReadFile'],
    ['saved-writes/saved_model.pb', 'tensorflow.WriteFile'],
    ['frozen-writes.pb', 'tensorflow.WriteFile'],
    ['saved-python/saved_model.pb', 'tensorflow.EagerPyFunc'],
    ['saved-prints/saved_model.pb', 'tensorflow.PrintV2'],
  ])('that reach files or Python fail: %s', async (file, reaches) => {
    const { verdict, findings } = await scan(file);
    expect(verdict).toBe('fail');
    expect(findings.map((finding) => [finding.rule, finding.reaches])).toContainEqual([
      'scan.tensorflow.effect',
      reaches,
    ]);
  });

  it.each([
    ...['saved-restores/saved_model.pb', 'saved-passes/saved_model.pb', 'forged-constant-call.pb', 'forged-by-name.pb'],
    ...['forged-default-path.pb', 'forged-captured.pb', 'forged-served.pb', 'forged-asset-outside.pb'],
  ])('that name paths themselves fail: %s', async (file) => {
    const { verdict, findings } = await scan(file);
    expect(verdict).toBe('fail');
    expect(findings.map(({ rule }) => rule)).toContain('scan.tensorflow.path');
  });

  it.each([
    ['forged-asset-and-constant.pb', 'tensorflow.SavedObject has several values of which one counts'],
    ['forged-shadowing.pb', 'the function `ReadFile` has the name of an operation: either may be called'],
  ])('that say two things at once are unknown: %s', async (file, reason) => {
    expect(await scan(file)).toMatchObject({ verdict: 'unknown', left: [{ reason }] });
  });

  it.each([
    ['saved-asked/saved_model.pb', 'scan.tensorflow.unclear-path'],
    ['forged-separator.pb', 'scan.tensorflow.unclear-path'],
    ['forged-suffix.pb', 'scan.tensorflow.unclear-path'],
    ['forged-in-branch.pb', 'scan.tensorflow.unclear-path'],
    ['forged-contradicting.pb', 'scan.tensorflow.unclear-path'],
    ['forged-unregistered.pb', 'scan.tensorflow.operation'],
  ])('of which that cannot be told are unknown: %s', async (file, rule) => {
    const { verdict, findings } = await scan(file);
    expect(verdict).toBe('unknown');
    expect(findings.map((finding) => finding.rule)).toContain(rule);
  });

  it('are unknown where the shards of their variables are not there', async () => {
    const index = 'variables/variables.index';
    const path = `${folder}saved-keras/${index}`;
    const files = new Set([index]);
    expect(await scanFile(path, { folder: { files, path: index } })).toMatchObject({ verdict: 'unknown' });
    files.add('variables/variables.data-00000-of-00001');
    expect(await scanFile(path, { folder: { files, path: index } })).toMatchObject({ verdict: 'pass' });
  });
});

it('the files say what wrote them', () => {
  const requirements = readFileSync(
    new URL('../../../../tools/peers/requirements-scan-tensorflow.txt', import.meta.url),
    'utf8',
  );
  const versions = JSON.parse(readFileSync(`${folder}versions.json`, 'utf8')) as Record<string, string>;
  for (const name of ['tensorflow', 'keras', 'h5py']) expect(requirements).toContain(`${name}==${versions[name]}\n`);
});
