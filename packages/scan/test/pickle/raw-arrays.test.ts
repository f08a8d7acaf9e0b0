import { describe, expect, test } from 'vitest';
import * as assemble from './assemble.ts';
import {
  build,
  bytes,
  call,
  dict,
  dropped,
  get,
  global,
  int,
  made,
  none,
  pickleOf,
  put,
  text,
  tuple,
} from './assemble.ts';
import { bytesOf, scanned } from './scene.ts';

const wrapper = global('joblib.numpy_pickle.NumpyArrayWrapper');

/** The state of a wrapper of numbers in `f8`, or of objects. */
function stateOf(count: number, more: Readonly<Record<string, Uint8Array>> = {}, type = 'f8'): Uint8Array {
  return dict({
    ...{ subclass: global('numpy.ndarray'), shape: tuple(int(count)), order: text('C'), dtype: assemble.dtype(type) },
    ...{ allow_mmap: assemble.no, ...more },
  });
}

const aligned = { numpy_array_alignment_bytes: int(16) };
/** joblib takes the first byte for the length of a padding, 7, and skips it: eight bytes of the next string are the array. */
const displaced = [bytesOf([7], '\xff'.repeat(7)), dropped(bytes(bytesOf('zzz', assemble.evil, '.')))];
/** joblib takes `B` for 66 bytes of padding, skips it with the string's head, and eight more bytes: then it is evil. */
const swallowed = bytes(bytesOf('\xff'.repeat(66 - 4 + 8), assemble.evil, '0N.'));

/**
 * What `joblib.load` (1.6.0) and `pickle.load` (CPython 3.11.7) were seen to run, each with a marker in place of `id`, and
 * which differs from what opcodes alone, or arrays alone, say.
 */
const hidden: Readonly<Record<string, Uint8Array>> = {
  'a second state keeps the padding of the first': pickleOf(
    ...[put(200, made(wrapper)), stateOf(0, aligned), bytesOf('b\x000')],
    ...[get(200), stateOf(1), bytesOf('b'), ...displaced],
  ),
  'an attribute in the place of a method': pickleOf(
    ...[
      build(made(wrapper), stateOf(1, { safe_get_numpy_array_alignment_bytes: global('builtins.int') })),
      ...displaced,
    ],
  ),
  'a wrapper that copyreg._reconstructor made': pickleOf(
    build(call(global('copyreg._reconstructor'), wrapper, global('builtins.object'), none), stateOf(1, aligned)),
    swallowed,
  ),
  'a wrapper that copyreg.__newobj__ made': pickleOf(
    build(call(global('copyreg.__newobj__'), wrapper), stateOf(1, aligned)),
    swallowed,
  ),
  'a wrapper by its old name': pickleOf(
    build(made(global('sklearn.externals.joblib.numpy_pickle.NumpyArrayWrapper')), stateOf(1, aligned)),
    swallowed,
  ),
  'numbers that are opcodes, with what is on the stack': pickleOf(
    ...[build(made(wrapper), stateOf(4)), bytesOf('0', assemble.evil, '...........')],
  ),
  'numbers that are opcodes, with what is in the memo': pickleOf(
    ...[dropped(put(1, text('os'))), dropped(put(2, text('system'))), build(made(wrapper), stateOf(2))],
    ...[get(1), get(2), bytesOf('\x93'), tuple(text('id')), bytesOf('R....')],
  ),
  'objects whose memo is another one': pickleOf(
    ...[dropped(assemble.memoized(text('os'))), dropped(assemble.memoized(text('system')))],
    build(made(wrapper), stateOf(0, {}, 'O8')),
    ...[bytesOf('\x80\x04'), assemble.memoized(text('decimal')), assemble.memoized(text('Decimal'))],
    ...[get(0), get(1), bytesOf('\x93'), tuple(text('id')), bytesOf('R.')],
  ),
};

describe('bytes that joblib takes for an array, and pickle for opcodes, or the other way round', () => {
  test.each(Object.entries(hidden))('%s', async (_, content) => {
    const part = await scanned(content, 'model.joblib');
    expect(['unknown', 'fail'], JSON.stringify([part.findings, part.left])).toContain(part.verdict);
    expect(part.left.map(({ reason }) => reason)).not.toContain('a value is expected on the stack');
  });
});

test('the same without the trick passes', async () => {
  for (const content of [
    pickleOf(build(made(wrapper), stateOf(1, aligned)), bytesOf([7], '\xff'.repeat(15))),
    pickleOf(build(made(wrapper), stateOf(2)), bytesOf('\xff'.repeat(16))),
    pickleOf(build(made(wrapper), stateOf(0, {}, 'O8')), bytesOf('\x80\x04N.')),
  ]) {
    const part = await scanned(content, 'model.joblib');
    expect([part.verdict, part.findings, part.left]).toEqual(['pass', [], []]);
  }
});
