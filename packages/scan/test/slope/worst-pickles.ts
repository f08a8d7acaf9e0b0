// Pickles in which one thing is there so many times: https://github.com/python/cpython/blob/v3.11.7/Lib/pickletools.py
import { join, little, times } from './bytes.ts';

type Make = (count: number) => Uint8Array;

const pickled = (...parts: readonly (string | Uint8Array)[]): Uint8Array => join('\x80\x02', ...parts, '.');
const short = (text: string): Uint8Array => join('X', little(4, text.length), text);

/** `numpy.dtype('u1', 0, 1)` is what memo 1 and 2 make, and memo 3 is a tuple of 500 ints. */
const dtype = join('cnumpy\ndtype\nq\x01', '(', short('u1'), 'K\0K\x01tq\x02', '(', times(500, 'K\x01'), 'tq\x03');

/** joblib's wrapper of a row of eight bytes, which lie behind its BUILD (joblib 1.1, `numpy_pickle.py`: no alignment). */
function arrays(count: number): Uint8Array {
  const wrapper = join('cjoblib.numpy_pickle\nNumpyArrayWrapper\nq\x04');
  const state = join('}(', short('dtype'), 'h\x01h\x02R', short('shape'), 'K\x08\x85u', 'q\x05');
  return pickled(dtype, wrapper, state, times(count, join('h\x04)\x81h\x05b', 'NNNNNNNN', '0')));
}

/** The five pickles of `torch.save` before 1.6, of many storages without elements. */
export function legacyTorch(count: number): Uint8Array {
  const magic = join('\x80\x02\x8a\x0a', Buffer.from('6cfc9c46f9206aa85019', 'hex'), '.');
  const id = (key: number): Uint8Array => join('(', short('storage'), 'h\x01', short(`${key}`), short('cpu'), 'K\0NtQ');
  const object = join(
    ']ctorch\nFloatStorage\nq\x010',
    times(count, (key) => join(id(key), 'a')),
  );
  const keys = pickled(
    ']',
    times(count, (key) => join('(', short(`${key}`), 'e')),
  );
  return join(magic, pickled('M\xe9\x03'), pickled('}'), pickled(object), keys, new Uint8Array(count * 8));
}

export const worstPickles: Readonly<Record<string, Make>> = {
  'a tuple that holds itself twice, over and over': (count) => pickled(')', times(count, '2\x86')),
  'one memo entry, put again and again': (count) => pickled('N', times(count, 'q\0')),
  'marks within marks': (count) => pickled(times(count, '('), times(count, 't')),
  'lists within lists': (count) => pickled(times(count, ']'), times(count - 1, 'a')),
  'states set one after the other': (count) => pickled('ccollections\nOrderedDict\n)R', times(count, '}b')),
  'a large tuple, taken from the memo': (count) => pickled(dtype, times(count, 'h\x030')),
  'a large tuple that is the state of many types': (count) => pickled(dtype, times(count, 'h\x01h\x02Rh\x03b0')),
  'a large tuple that many calls get': (count) => pickled(dtype, times(count, 'h\x01h\x03R0')),
  'names of one module each': (count) => pickled(times(count, (index) => `cmodule${index}\nname\n0`)),
  'long dotted names': (count) =>
    pickled(times(Math.ceil(count / 100), (index) => `cm${index}\n${'a.'.repeat(500)}b\n0`)),
  'frames of two bytes': (count) => join('\x80\x04', times(count, join('\x95', little(8, 2), 'N0')), 'N.'),
  'pickles of one value, one behind the other': (count) => times(count * 4, '\x80\x02N.'),
  'one long line': (count) => pickled('V', times(count * 10, 'a'), '\n'),
  'one long quoted line': (count) => pickled("S'", times(count * 10, 'a'), "'\n"),
  'strings that may be pickles': (count) => pickled(times(count, join('U\x0e\x80\x02NNNNNNNNNNN.', '0'))),
  'arrays of joblib that may be opcodes': arrays,
  'numbers of many digits': (count) => pickled(times(Math.ceil(count / 100), `L${'7'.repeat(1000)}L\n0`)),
};
