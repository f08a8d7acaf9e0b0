import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { scanBytes } from '../../src/index.ts';
import { tensors } from './scene.ts';

/** RFC 1952 2.3: flags at 3, then the extra field with its length, a name and a comment that end in zero. */
function gzipWith(flags: number, fields: Buffer): Buffer {
  const plain = gzipSync(tensors());
  return Buffer.concat([plain.subarray(0, 3), Buffer.of(flags), plain.subarray(4, 10), fields, plain.subarray(10)]);
}

const extra = (content: Buffer): Buffer =>
  Buffer.concat([Buffer.of(content.length & 255, content.length >> 8), content]);
const hidden = Buffer.from("cos\nsystem\n(S'touch marker'\ntR.");

it.each<[string, Buffer, string]>([
  ['a name', gzipWith(8, Buffer.from('a.safetensors\0')), 'pass'],
  ['the extra field of BGZF', gzipWith(4, extra(Buffer.from('BC\x02\0\x20\0', 'latin1'))), 'pass'],
  ['a long extra field', gzipWith(4, extra(Buffer.concat([hidden, Buffer.alloc(64)]))), 'unknown'],
  ['a comment with control characters', gzipWith(16, Buffer.from(`${hidden.toString()}\0`)), 'unknown'],
  ['a long comment', gzipWith(16, Buffer.from(`${'x'.repeat(2000)}\0`)), 'unknown'],
  ['one in a later member', Buffer.concat([gzipSync(''), gzipWith(16, Buffer.from('a\nb\0'))]), 'unknown'],
])('a header of gzip with %s', async (_, bytes, verdict) => {
  const result = await scanBytes(bytes, 'a.safetensors.gz');
  expect([result.verdict, result.parts]).toEqual([verdict, 1]);
});
