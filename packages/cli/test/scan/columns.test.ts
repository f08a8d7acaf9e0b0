import { expect, test } from 'vitest';
import { columnsOf, cut, cutPath, padded } from '../../src/scan/columns.ts';

test.for([
  ['abc', 3],
  ['模型', 4],
  ['é', 1],
  ['e\u0301', 1],
  ['🤗', 2],
  ['', 0],
] as const)('`%s` takes %i columns', ([text, columns]) => {
  expect(columnsOf(text)).toBe(columns);
});

test.for([
  ['model.safetensors', 17, 'model.safetensors'],
  ['a/deep/folder/model.bin', 18, 'a/…/model.bin'],
  ['a/deep/folder/model.bin', 22, 'a/…/folder/model.bin'],
  ['a-long-folder/model.bin', 14, '…/model.bin'],
  ['pytorch_model-00001-of-00002.bin', 20, 'pytorch_m…-00002.bin'],
  ['模型模型模型模型.bin', 12, '模型…型.bin'],
] as const)('`%s` in %i columns', ([path, columns, expected]) => {
  const shorter = cutPath(path, columns);
  expect(columnsOf(shorter)).toBeLessThanOrEqual(columns);
  expect(shorter).toBe(expected);
});

test('texts are cut at the end, and filled up', () => {
  expect(cut('calls os.system', 8)).toBe('calls o…');
  expect(cut('模型模型', 6)).toBe('模型…');
  expect(cut('short', 8)).toBe('short');
  expect(padded('模', 4)).toBe('模  ');
});
