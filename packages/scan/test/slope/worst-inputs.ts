// For each format, files in which one thing is there so many times that what is not linear shows.
import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { known } from '../../src/formats/known/known.ts';
import { tarOf } from '../archives/tar-bytes.ts';
import { type Made, zipOf } from '../archives/zip-bytes.ts';
import { GgufBytes } from '../gguf-bytes.ts';
import { field, join, little, numeric, times, varint } from './bytes.ts';
import { legacyTorch, worstPickles } from './worst-pickles.ts';

export type Make = (count: number) => Uint8Array;
type Worst = Readonly<Record<string, Make>>;

const hex = (text: string): Uint8Array => Buffer.from(text, 'hex');
const list = (count: number, item: (index: number) => string, by = ','): string =>
  Array.from({ length: count }, (_, index) => item(index)).join(by);

function safetensors(count: number): Uint8Array {
  const header = `{${list(count, (i) => `"t${i}":{"dtype":"U8","shape":[1],"data_offsets":[${i},${i + 1}]}`)}}`;
  return join(little(8, header.length), header, new Uint8Array(count));
}

const array = join(
  '\x93NUMPY\x01\0',
  little(2, 54),
  "{'descr': '|u1', 'fortran_order': False, 'shape': (1,)}\n".padEnd(54),
  'x',
);
const fields = (count: number): Uint8Array => {
  const header = `{'descr': [${list(count, (i) => `('f${i}', '<f8')`)}], 'fortran_order': False, 'shape': (0,)}\n`;
  return join('\x93NUMPY\x02\0', little(4, header.length), header);
};

const entries = (count: number, made: (index: number) => Made): Uint8Array =>
  zipOf(Array.from({ length: count }, (_, index) => made(index)));

/** HDF5 File Format Specification 3.0: superblock 2, a group of new style, and its members, each an empty group. */
function hdf5(count: number): Uint8Array {
  const nowhere = hex('ffffffffffffffff');
  const group = (messages: Uint8Array): Uint8Array => join('OHDR\x02\x02', little(4, messages.length), messages);
  const member = group(new Uint8Array(0));
  const linkBytes = 4 + 3 + 8 + 8;
  const first = 48 + 10 + count * linkBytes;
  const links = times(count, (index) => {
    const name = `${index}`.padStart(8, '0');
    return join('\x06', little(2, linkBytes - 4), '\0', '\x01\0\x08', name, little(8, first + index * member.length));
  });
  const size = first + count * member.length;
  const head = join(
    '\x89HDF\r\n\x1a\n\x02\x08\x08\0',
    little(8, 0),
    nowhere,
    little(8, size),
    little(8, 48),
    little(4, 0),
  );
  return join(head, group(links), times(count, member));
}

/** LevelDB's table: one block of entries, each of whose keys shares all but a byte with the last; an empty one; an index. */
function checkpoint(count: number, longer: boolean): Uint8Array {
  const entry = (shared: number, key: string, value: Uint8Array): Uint8Array =>
    join(varint(shared), varint(key.length), varint(value.length), key, value);
  const block = (content: Uint8Array): Uint8Array => join(content, little(4, 0), little(4, 1));
  const header = entry(0, '', numeric(1, 1));
  const data = block(
    join(
      header,
      times(count, (index) => entry(longer ? index : 0, 'k', numeric(4, index))),
    ),
  );
  const meta = block(new Uint8Array(0));
  const index = block(entry(0, 'z', join(varint(0), varint(data.length))));
  const trailer = new Uint8Array(5);
  const handles = join(
    ...[varint(data.length + 5), varint(meta.length)],
    ...[varint(data.length + meta.length + 10), varint(index.length)],
  );
  return join(
    data,
    trailer,
    meta,
    trailer,
    index,
    trailer,
    handles,
    new Uint8Array(40 - handles.length),
    hex('57fb808b247547db'),
  );
}

const node = (name: string, operation: string, inputs: readonly string[], ...more: readonly Uint8Array[]): Uint8Array =>
  field(1, field(1, name), field(2, operation), ...inputs.map((input) => field(3, input)), ...more);

/** Nodes that join paths, all from one constant of many numbers. */
function constantPaths(count: number): Uint8Array {
  const tensor = field(8, numeric(1, 7), times(count, numeric(10, 1)));
  const constant = node('c', 'Const', [], field(5, field(1, 'value'), field(2, tensor)));
  const reader = (index: number): Uint8Array => node(`r${index}`, 'ReadFile', ['c']);
  return join(constant, times(count, reader));
}

/** A function with many arguments that are paths, and nodes that call it without them. */
function calledPaths(count: number): Uint8Array {
  const inputs = times(count, (index) => field(2, field(1, `a${index}`), numeric(3, 7)));
  const nodes = times(count, (index) => field(3, field(1, `n${index}`), field(2, 'ReadFile'), field(3, `a${index}`)));
  const body = field(1, field(1, field(1, 'f'), inputs), nodes);
  return join(
    times(count, (index) => node(`c${index}`, 'f', [])),
    field(2, body),
  );
}

const savedModel = (graph: Uint8Array): Uint8Array => join(numeric(1, 1), field(2, field(2, graph)));
const ubjson = (content: Uint8Array): Uint8Array => join('{L', hex('0000000000000007'), 'learner[', content, ']}');

/** A size in the header of LZMA, and zeros: the range coder reads each as some forty bytes of zero. */
const lzma = (count: number): Uint8Array => join(hex('5d00001000'), little(8, count * 16), new Uint8Array(count + 5));

const signed = (signature: readonly (readonly [offset: number, hex: string])[], count: number): Uint8Array => {
  const bytes = Buffer.alloc(64 + count * 160, 0x41);
  for (const [offset, text] of signature) bytes.set(hex(text), offset);
  return bytes;
};

/** An executable of Windows as far as its two signatures. */
const windows = (count: number): Uint8Array =>
  join('MZ', new Uint8Array(58), little(4, 64), 'PE\0\0', hex('6486'), new Uint8Array(count * 160));

/** By format, then by what is many. */
export const worstInputs: Readonly<Record<string, Worst>> = {
  safetensors: { tensors: safetensors },
  gguf: {
    texts: (count) =>
      join(
        new GgufBytes({ keys: 1 }).text('texts').u32(9).u32(8).u64(count).bytes(),
        times(count, join(little(8, 3), 'abc')),
      ),
  },
  npy: { fields: (count) => fields(Math.min(count, 40_000)) },
  zip: {
    entries: (count) => entries(count, (index) => ({ name: `${index}.bin`, content: Buffer.from('MZ') })),
    arrays: (count) => entries(count, (index) => ({ name: `${index}.npy`, content: Buffer.from(array) })),
    folders: (count) =>
      entries(count, (index) => ({ name: `${'a/'.repeat(60)}${index}.txt`, content: Buffer.from('x') })),
    storages: (count) =>
      entries(count, (index) => ({ name: index === 0 ? 'm/data.pkl' : `m/data/${index}`, content: Buffer.from('N.') })),
    code: (count) =>
      zipOf([
        { name: 'm/data.pkl', content: Buffer.from('\x80\x02N.', 'latin1') },
        { name: 'm/constants.pkl', content: Buffer.from('\x80\x02).', 'latin1') },
        { name: 'm/code/__torch__.py', content: Buffer.from('x = torch.add(y, 1)\n'.repeat(count)) },
      ]),
    layers: (count) =>
      zipOf([
        { name: 'metadata.json', content: Buffer.from('{"keras_version":"3.0.0","date_saved":"x"}') },
        {
          name: 'config.json',
          content: Buffer.from(`{"a":[${list(count, (i) => `{"class_name":"L${i}","config":{}}`)}]}`),
        },
        { name: 'model.weights.h5', content: Buffer.from(hdf5(1)) },
      ]),
  },
  tar: {
    entries: (count) =>
      tarOf(Array.from({ length: count }, (_, i) => ({ name: `${i}.txt`, content: Buffer.from('x') }))),
  },
  '7z': { bytes: (count) => join(hex('377abcaf271c0004'), new Uint8Array(count)) },
  onnx: {
    nodes: (count) =>
      join(
        numeric(1, 8),
        field(
          7,
          times(count, (i) => field(1, field(1, `x${i}`), field(2, `x${i + 1}`), field(4, 'Relu'))),
          field(2, 'g'),
        ),
        field(8, numeric(2, 17)),
      ),
  },
  hdf5: { groups: hdf5 },
  gzip: {
    members: (count) => times(count, gzipSync('x')),
  },
  bz2: { streams: (count) => times(count, hex('425a683917724538509000000000')) },
  xz: { streams: (count) => times(count, hex('fd377a585a000004e6d6b446000000001cdf44211fb6f37d010000000004595a')) },
  zstd: { frames: (count) => times(count, zstdCompressSync('x')) },
  lz4: { frames: (count) => times(count, hex('04224d186440a700000000055dcc02')) },
  zlib: { bytes: (count) => deflateSync(times(count, (index) => `${(index * 7919) % 10007}`)) },
  lzma: { zeros: lzma },
  'tensorflow-savedmodel': {
    nodes: (count) => savedModel(times(count, (i) => node(`n${i}`, 'Identity', [`n${i - 1}`]))),
    'paths of one constant': (count) => savedModel(constantPaths(count)),
  },
  'tensorflow-graph': {
    nodes: (count) => times(count, (i) => node(`n${i}`, 'Identity', [`n${i - 1}`])),
    'calls without their paths': calledPaths,
  },
  'keras-metadata': {
    objects: (count) =>
      times(count, (i) =>
        field(
          1,
          numeric(2, i),
          field(3, `root.l${i}`),
          field(4, '_tf_keras_layer'),
          field(5, '{"class_name":"Dense","config":{}}'),
        ),
      ),
  },
  'tensorflow-fingerprint': {
    digits: (count) =>
      join(
        ...[1, 2, 3, 4, 5].map((n) => numeric(n, 123_456_789)),
        field(6, numeric(1, 1)),
        field(7, '7'.repeat(Math.min(count, 60))),
      ),
  },
  'tensorflow-checkpoint': {
    tensors: (count) => checkpoint(count, false),
    'keys that grow': (count) => checkpoint(count, true),
  },
  sentencepiece: { pieces: (count) => times(count, hex('0a0e0a053c756e6b3e15000000001802')) },
  ubjson: {
    values: (count) => ubjson(times(count, hex('535501617b7d5b5d'))),
    numbers: (count) => ubjson(times(count, 'U\x01')),
  },
  ...Object.fromEntries(
    known.flatMap(({ name, signatures = [] }) =>
      signatures[0] === undefined ? [] : [[name, { bytes: (count: number) => signed(signatures[0] ?? [], count) }]],
    ),
  ),
  pe: { bytes: windows },
  'pytorch-legacy': { storages: legacyTorch },
  pickle: worstPickles,
  jinja: {
    'targets of one tag': (count) =>
      join(
        '{% with ',
        list(count, (i) => `a${i}=b`),
        ' %}{% endwith %}',
      ),
    'targets that get built texts': (count) => join(list(count, (i) => `{% set a${i} = a${i + 1} ~ 'x' %}`, '')),
    findings: (count) => join('{{ 1 }}', times(count, '{{ f() }}')),
    'arguments of a macro': (count) =>
      join(
        '{% macro m(',
        list(count, (i) => `a${i}`),
        ') %}{% endmacro %}{{ m(',
        list(count, () => '1'),
        ') }}',
      ),
  },
  json: {
    keys: (count) =>
      join(
        '{',
        list(count, (i) => `"k${i}":${i % 10}`),
        '}',
      ),
    levels: (count) =>
      join(
        '[',
        list(count, () => `${'['.repeat(150)}1${']'.repeat(150)}`),
        ']',
      ),
    'the same key': (count) => join('{"a":1', times(count, ',"a":1'), '}'),
  },
  text: {
    lines: (count) => times(count, 'a line of text\n'),
    opcodes: (count) => join('(', times(count, 'I1\n')),
  },
};
