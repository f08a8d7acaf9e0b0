import { describe, expect, test } from 'vitest';
import { build, bytes, call, dict, global, made, pickleOf } from './assemble.ts';
import { bytesOf, scanned } from './scene.ts';

/** UBJSON: `{"version": [#3 …]}`, as XGBoost 3.2.0 ends its own. */
const model = bytesOf('{L\0\0\0\0\0\0\0\x07version[#L\0\0\0\0\0\0\0\x03i\x03i\x02i\0}');
const booster = (handle: Uint8Array): Uint8Array =>
  pickleOf(build(made(global('xgboost.core.Booster')), dict({ handle: call(global('builtins.bytearray'), handle) })));

describe('the bytes of a booster, which XGBoost loads in C++', () => {
  test('pass when they are a model to their end', async () => {
    const part = await scanned(booster(bytes(model)));
    expect([part.verdict, part.findings, part.left]).toEqual(['pass', [], []]);
    expect(part.inside.map(({ format }) => format)).toEqual(['ubjson']);
  });

  test.each(
    Object.entries({
      'something else': bytesOf('x'.repeat(40)),
      'cut short': model.subarray(0, -1),
      'with more behind': Buffer.concat([model, bytesOf('x')]),
      nothing: bytesOf(''),
      'another format': bytesOf(
        '\x93NUMPY\x01\0v\0',
        `{'descr': '|u1', 'fortran_order': False, 'shape': (1,), }`.padEnd(117),
        '\n',
        'x',
      ),
    }),
  )('do not pass: %s', async (_, handle) => {
    expect((await scanned(booster(bytes(handle)))).verdict).not.toBe('pass');
  });
});
