import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { readModel, writeModel } from '../src/index.ts';
import { vector } from './vectors.ts';

/** A Python with the pins of tools/peers/requirements-onnx.txt. */
const python = join(
  process.env['HOLDFAST_PEERS'] ?? join(homedir(), '.cache', 'holdfast-peers'),
  'onnx',
  'bin',
  'python',
);
const folder = mkdtempSync(join(tmpdir(), 'holdfast-onnx-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

it('what is read and written again is, message for message, what Python reads in the original', (context) => {
  if (!existsSync(python)) {
    if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error(`needs ${python}`);
    context.skip('needs Python with onnx');
  }
  const names = ['types', 'attributes', 'subgraph', 'external', 'sklearn', 'written-logistic', 'written-perceptron'];
  const originals = fileURLToPath(new URL('../../../spec/vectors/valid/', import.meta.url));
  for (const name of names)
    writeFileSync(join(folder, `onnx-${name}.onnx`), writeModel(readModel(vector(`valid/onnx-${name}.onnx`))));
  const program = `
import sys, onnx
def without_empty(message):
    # An empty text, or model version 0, says what one that is not set says.
    for field, value in message.ListFields():
        if value == "" or (field.name == "model_version" and value == 0):
            message.ClearField(field.name)
        elif field.message_type:
            for inner in value if field.is_repeated else [value]:
                without_empty(inner)
    return message
def load(folder, name):
    return without_empty(onnx.load(f"{folder}/onnx-{name}.onnx", load_external_data=False))
for name in sys.argv[3:]:
    print(name, load(sys.argv[1], name) == load(sys.argv[2], name))
`;
  const said = execFileSync(python, ['-c', program, originals, folder, ...names], { encoding: 'utf8' });
  expect(said.trim().split('\n')).toEqual(names.map((name) => `${name} True`));
});
