import { expect, it } from 'vitest';
import { allowNothing } from '../src/allow-list.ts';
import { scanGguf } from '../src/formats/gguf/scan.ts';
import { scanJson } from '../src/formats/json/scan.ts';
import { scanSafetensors } from '../src/formats/safetensors/scan.ts';
import { scanSentencepiece } from '../src/formats/sentencepiece/scan.ts';
import { scanText } from '../src/formats/text/scan.ts';
import { scanUbjson } from '../src/formats/ubjson/scan.ts';
import { Inspection } from '../src/inspection.ts';
import { defaultLimits } from '../src/limits.ts';
import { recognise } from '../src/recognise.ts';
import { CountingSource } from './files-scene.ts';
import { GgufBytes } from './gguf-bytes.ts';

function ofTensors(count: number): Uint8Array {
  const tensors = Array.from(
    { length: count },
    (_, i) => `"t${i}":{"dtype":"U8","shape":[1],"data_offsets":[${i},${i + 1}]}`,
  );
  const header = Buffer.from(`{${tensors.join(',')}}`);
  const head = Buffer.alloc(8);
  head.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([head, header, Buffer.alloc(count)]);
}

function ofTexts(count: number): Uint8Array {
  const gguf = new GgufBytes({ keys: 1 }).text('texts').u32(9).u32(8).u64(count);
  const text = Buffer.concat([Buffer.from([3, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('abc')]);
  return gguf.raw(Buffer.concat(Array.from({ length: count }, () => text))).bytes();
}

const long = (length: number): string => length.toString(16).padStart(16, '0');
const key = `7b4c${long(7)}${Buffer.from('learner').toString('hex')}`;

it.each<[string, (part: Inspection) => unknown, (count: number) => Uint8Array]>([
  ['safetensors', scanSafetensors, ofTensors],
  ['gguf', scanGguf, ofTexts],
  [
    'json',
    scanJson,
    (count) =>
      Buffer.from(
        `{"vocab": {${Array.from({ length: count }, (_, i) => `"k${10_000_000 + i}":${i % 10}`).join(',')}}}`,
      ),
  ],
  ['text', scanText, (count) => Buffer.from('a line of text\n'.repeat(count))],
  ['yaml', scanText, (count) => Buffer.from(`a: &x 1\n${'b: [*x, {c: "!"}]\n'.repeat(count)}`)],
  ['lightgbm', scanText, (count) => Buffer.from(`tree\nversion=v4\n${'leaf_value=1 2\n'.repeat(count)}end of trees\n`)],
  ['sentencepiece', scanSentencepiece, (count) => Buffer.from('0a0e0a053c756e6b3e15000000001802'.repeat(count), 'hex')],
  ['ubjson', scanUbjson, (count) => Buffer.from(`${key}5b${'535501617b7d5b5d'.repeat(count)}5d7d`, 'hex')],
])('%s: twice the file asks for twice the bytes', async (name, scanner, make) => {
  const asked: number[] = [];
  for (const count of [5000, 10_000, 20_000]) {
    const source = new CountingSource(make(count));
    const scan = {
      limits: defaultLimits,
      allow: allowNothing,
      folder: undefined,
      progress: () => undefined,
      recognise,
    };
    const part = new Inspection(scan, source, name === 'yaml' ? 'x.yaml' : 'x.txt');
    await part.attempt(async (inspected) => {
      await scanner(inspected);
    });
    expect(part.left).toEqual([]);
    asked.push(source.bytes);
  }
  const [first, second, third] = asked as [number, number, number];
  expect((third - second) / (second - first)).toBeGreaterThan(1.8);
  expect((third - second) / (second - first)).toBeLessThan(2.2);
});
