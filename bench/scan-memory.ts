/**
 * The most memory that `holdfast scan FILE` takes, a process for each file, for files that are large or have very many of
 * one thing. `npm run bench -- scan-memory`: about five minutes, and 3 GB of disk.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, gzipSync } from 'node:zlib';
import type { BenchResult, BenchRow } from '../tools/bench-tables.ts';
import { root } from '../tools/repository.ts';

type Piece = string | Uint8Array;

function little(bytes: number, value: number): Uint8Array {
  const number = Buffer.alloc(8);
  number.writeBigUInt64LE(BigInt(value));
  return number.subarray(0, bytes);
}

const bytesOf = (piece: Piece): Uint8Array => (typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece);
const joined = (...pieces: readonly Piece[]): Uint8Array => Buffer.concat(pieces.map(bytesOf));

/** So many pieces, a few thousand at a time. */
function* many(count: number, piece: (index: number) => Piece): Generator<Uint8Array> {
  for (let at = 0; at < count; at += 4096) {
    yield joined(...Array.from({ length: Math.min(4096, count - at) }, (_, index) => piece(at + index)));
  }
}

function* safetensors(count: number): Generator<Piece> {
  const tensors = [
    ...many(count, (i) => `${i > 0 ? ',' : ''}"layer.${i}":{"dtype":"U8","shape":[1],"data_offsets":[${i},${i + 1}]}`),
  ];
  const length = tensors.reduce((sum, { byteLength }) => sum + byteLength, 2);
  yield* [little(8, length), '{', ...tensors, '}', new Uint8Array(count)];
}

function* zip(count: number, name: (index: number) => string, content: Uint8Array): Generator<Piece> {
  const sum = crc32(content);
  const sizes = joined(little(4, sum), little(4, content.length), little(4, content.length));
  const about = (index: number): Uint8Array =>
    joined(little(2, 20), little(4, 0), little(4, 0x21_0000), sizes, little(2, name(index).length), little(2, 0));
  let [at, directory] = [0, 0];
  const offsets = new Float64Array(count);
  yield* many(count, (index) => {
    offsets[index] = at;
    const entry = joined('PK\x03\x04', about(index), name(index), content);
    at += entry.length;
    return entry;
  });
  yield* many(count, (index) => {
    const rest = joined(new Uint8Array(10), little(4, offsets[index] ?? 0));
    const entry = joined('PK\x01\x02', little(2, 20), about(index), rest, name(index));
    directory += entry.length;
    return entry;
  });
  const large = [little(8, 44), little(2, 45), little(2, 45), little(8, 0), little(8, count), little(8, count)];
  yield joined('PK\x06\x06', ...large, little(8, directory), little(8, at));
  yield joined('PK\x06\x07', little(4, 0), little(8, at + directory), little(4, 1));
  const entries = little(2, Math.min(count, 0xffff));
  yield joined('PK\x05\x06', little(4, 0), entries, entries, little(4, directory), little(4, at), little(2, 0));
}

function tarBlock(name: string): Uint8Array {
  const header = Buffer.alloc(1024);
  header.write(name, 0);
  header.write('0000644\0', 100);
  header.write('00000000001\0        0', 124);
  header.write('ustar\x0000', 257, 'latin1');
  const sum = header.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  header.write('x', 512);
  return header;
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let left = value;
  for (; left >= 128; left = Math.floor(left / 128)) bytes.push((left % 128) + 128);
  return Uint8Array.from([...bytes, left]);
}

const field = (number: number, ...content: readonly Piece[]): Uint8Array => {
  const bytes = joined(...content);
  return joined(varint(number * 8 + 2), varint(bytes.length), bytes);
};

function onnx(count: number): Piece[] {
  const nodes = [...many(count, (i) => field(1, field(1, `x${i}`), field(2, `x${i + 1}`), field(4, 'Relu')))];
  return [joined('\x08\x08', field(7, ...nodes, field(2, 'g')), field(8, '\x10\x11'))];
}

function* gguf(count: number): Generator<Piece> {
  yield joined('GGUF', little(4, 3), little(8, 0), little(8, 1), little(8, 6), 'tokens', little(4, 9), little(4, 8));
  yield little(8, count);
  yield* many(count, (i) => joined(little(8, 10), `token${i}`.padEnd(10)));
}

/** HDF5 with a superblock of version 2, and one group with a link for each of its groups. */
function* hdf5(count: number): Generator<Piece> {
  const first = 58 + count * 27;
  const size = first + count * 10;
  yield joined('\x89HDF\r\n\x1a\n\x02\x08\x08\0', little(8, 0), new Uint8Array(8).fill(255), little(8, size));
  yield joined(little(8, 48), little(4, 0), 'OHDR\x02\x02', little(4, count * 27));
  yield* many(count, (i) =>
    joined('\x06', little(2, 23), '\0\x01\0\x0c', `g${i}`.padEnd(12, '_'), little(8, first + i * 10)),
  );
  yield* many(count, () => joined('OHDR\x02\x02', little(4, 0)));
}

/** LevelDB's table of one block. */
function checkpoint(count: number): Piece[] {
  const entry = (key: string, value: Uint8Array): Uint8Array =>
    joined(varint(0), varint(key.length), varint(value.length), key, value);
  const end = joined(little(4, 0), little(4, 1), new Uint8Array(5));
  const data = joined(
    entry('', joined('\x08\x01')),
    ...many(count, (i) => entry(`layer/${i}`, joined('\x20', varint(i)))),
    end,
  );
  const index = joined(entry('z', joined(varint(0), varint(data.length - 5))), end);
  const handles = joined(varint(data.length), varint(8), varint(data.length + 13), varint(index.length - 5));
  return [data, end, index, handles, new Uint8Array(40 - handles.length), Buffer.from('57fb808b247547db', 'hex')];
}

const pickle = (...pieces: readonly Iterable<Piece>[]): Iterable<Piece> =>
  (function* () {
    yield '\x80\x04';
    for (const piece of pieces) yield* piece;
    yield '.';
  })();

const same = (count: number, piece: Piece): Iterable<Piece> => many(count, () => piece);

/** A text over and over, some 64 KiB at a time. */
function* text(length: number, unit = 'a'): Generator<Piece> {
  const piece = unit.repeat(2 ** 16 / unit.length);
  for (let at = 0; at < length; at += piece.length) yield piece;
}

const sparse = '{"zeros":{"dtype":"U8","shape":[34359738368],"data_offsets":[0,34359738368]}}';

/** What is in the file, its name, and its bytes; the last number is how long it is then made. */
const cases: readonly (readonly [what: string, name: string, pieces: () => Iterable<Piece>, sparse?: number])[] = [
  ['safetensors of 34 GB', 'big.safetensors', () => [little(8, sparse.length), sparse], 2 ** 35 + 8 + sparse.length],
  ['safetensors, 490,000 tensors', 'many.safetensors', () => safetensors(490_000)],
  ['JSON, 1,000,000 keys', 'keys.json', () => ['{', ...many(999_999, (i) => `"some.key.${i}":${i},`), '"z":1}']],
  [
    'JSON, 10,000 times 150 levels',
    'deep.json',
    () => ['[', ...many(10_000, () => `${'['.repeat(150)}1${']'.repeat(150)},`), '1]'],
  ],
  ['JSON, one text of 16 MB', 'text.json', () => ['["', ...text(16e6), '"]']],
  ['text of 1 GB', 'big.txt', () => text(2 ** 30, 'a line of text\n\n')],
  ['pickle, 10,000,000 memo entries', 'memo.pkl', () => pickle(same(10_000_000, 'K\x01\x940'), ['N'])],
  ['pickle, 1,000,000 lists within each other', 'nested.pkl', () => pickle(same(1_000_000, ']'), same(999_999, 'a'))],
  ['pickle, 1,000,000 dicts in a list', 'dicts.pkl', () => pickle([']('], same(1_000_000, '}K\x01K\x02s'), ['e'])],
  ['pickle, 4,000,000 values on the stack', 'stack.pkl', () => pickle(['('], same(4_000_000, 'K\x01'), ['t'])],
  [
    'pickle, 65,000 names of 60 letters',
    'names.pkl',
    () =>
      pickle(
        many(65_000, (i) => `cmodule\nname${i}${'_'.repeat(50)}\n0`),
        ['N'],
      ),
  ],
  ['pickle, a name of 60 MB', 'name.pkl', () => pickle(['N0c'], text(6e7), ['\n'])],
  ['pickle, a quoted line of 60 MB', 'quoted.pkl', () => pickle(["N0S'"], text(6e7), ["'\n"])],
  ['pickle, an escaped line of 60 MB', 'escaped.pkl', () => pickle(['N0V\\u0041'], text(6e7), ['\n'])],
  ['pickle, a float of 60 MB', 'float.pkl', () => pickle(['N0F'], text(6e7, '1'), ['\n'])],
  [
    'pickle, 60 MB of base64',
    'base64.pkl',
    () =>
      pickle(
        ['X', little(4, 915 * 65536)],
        same(
          915,
          Buffer.from(joined('\x80\x04', ...same(24_574, 'N0'), 'NN'))
            .toString('base64')
            .slice(0, 65_536),
        ),
      ),
  ],
  ['pickle, bytes of 4 GB', 'bytes.pkl', () => ['\x80\x04\x8e', little(8, 2 ** 32)], 2 ** 32 + 11],
  [
    'pickle, 500,000 calls, each of a tuple of 500',
    'calls.pkl',
    () => pickle(['cnumpy\ndtype\nq\0(', ...same(500, 'K\x01'), 'tq\x01'], same(20_000, 'h\0h\x01Rh\x01b0'), ['N']),
  ],
  ['zip, 30,000 entries', 'some.zip', () => zip(30_000, (i) => `${i}.txt`, Buffer.from('text\n'))],
  ['zip, 100,000 entries', 'many.zip', () => zip(100_000, (i) => `${i}.txt`, Buffer.from('text\n'))],
  [
    'npz, 100,000 arrays',
    'many.npz',
    () =>
      zip(
        100_000,
        (i) => `${i}.npy`,
        joined('\x93NUMPY\x01\0', little(2, 54), "{'descr': '|u1', 'fortran_order': False, 'shape': (1,)}", ' '),
      ),
  ],
  ['tar, 100,000 entries', 'many.tar', () => [...many(100_000, (i) => tarBlock(`${i}.txt`)), new Uint8Array(1024)]],
  ['ONNX, 90,000 nodes', 'many.onnx', () => onnx(90_000)],
  ['ONNX, 500,000 nodes', 'more.onnx', () => onnx(500_000)],
  ['GGUF, 5,000,000 texts', 'many.gguf', () => gguf(5_000_000)],
  ['HDF5, 120,000 groups', 'some.h5', () => hdf5(120_000)],
  ['HDF5, 900,000 groups', 'many.h5', () => hdf5(900_000)],
  ['index of a checkpoint, 1,000,000 tensors', 'many.index', () => checkpoint(1_000_000)],
  ['gzip of 2 GB of text', 'text.txt.gz', () => same(32, gzipSync(Buffer.alloc(2 ** 26, 'text\n')))],
  [
    'Keras configuration, 8,000,000 lists',
    'lists.keras',
    () => zip(1, () => 'config.json', joined('{"a":[', ...many(8_000_000, () => '[],'), '1]}')),
  ],
];

/** Peak in MiB, and how it ended. */
function scanned(file: string): { peak: number; status: string; seconds: number } {
  const words = [join(root, 'packages/cli/bin/holdfast.js'), 'scan', '--no-cache', '--quiet', '--no-hash', file];
  const { stderr, status } = spawnSync('/usr/bin/time', ['-f', '@%e %M', process.execPath, ...words], {
    ...{ stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8', maxBuffer: 2 ** 28 },
  });
  const [seconds = Number.NaN, peak = Number.NaN] = (/@(\S+) (\d+)\s*$/.exec(stderr) ?? []).slice(1).map(Number);
  const verdict = ({ 0: 'pass', 1: 'fail', 3: 'unknown' } as Readonly<Record<number, string>>)[status ?? -1];
  return { peak: Math.round(peak / 1024), status: verdict ?? `status ${status}`, seconds };
}

function write(path: string, pieces: Iterable<Piece>, length: number | undefined): void {
  const file = openSync(path, 'w');
  for (const piece of pieces) writeSync(file, bytesOf(piece));
  closeSync(file);
  if (length !== undefined) truncateSync(path, length);
}

/** Runs the benchmark; HOLDFAST_BENCH_CASE names a file to measure alone. */
export function run(): BenchResult {
  const only = process.env['HOLDFAST_BENCH_CASE'];
  const rows = cases
    .filter(([, name]) => only === undefined || only === name)
    .map(([what, name, pieces, length]): BenchRow => {
      const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
      try {
        const file = join(folder, name);
        write(file, pieces(), length);
        const { peak, status, seconds } = scanned(file);
        console.error(`  ${what}: ${peak} MiB, ${status}, ${seconds} s`);
        return {
          what,
          MB: Number((statSync(file).size / 1e6).toFixed(1)),
          'peak MiB': peak,
          s: seconds,
          verdict: status,
        };
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  return { name: 'scan: the most memory, a process each', rows };
}
