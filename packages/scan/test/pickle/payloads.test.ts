import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { recognise } from '@holdfast/scan/recognise';
import { describe, expect, test } from 'vitest';
import type { Inspection } from '../../src/inspection.ts';
import { bytes, dict, pickleOf } from './assemble.ts';
import { bytesOf, needsPython, partOf, run, scanned } from './scene.ts';

/** `os.system("id")` in protocol 2, as every level below has it at its end. */
const inner = bytesOf('\x80\x02cos\nsystem\nX\x02\0\0\0id\x85R.');
/** The same without a signature. */
const old = bytesOf("cos\nsystem\n(S'id'\ntR.");

type Wrap = (content: Uint8Array) => Uint8Array;

const longText: Wrap = (content) => {
  const head = Buffer.alloc(5, 'X');
  head.writeUInt32LE(content.length, 1);
  return Buffer.concat([head, content]);
};
const asText =
  (encoding: BufferEncoding): Wrap =>
  (content) =>
    longText(Buffer.from(Buffer.from(content).toString(encoding)));

/** How a pickle is a value of another one. */
const forms: Readonly<Record<string, Wrap>> = {
  bytes,
  'a bytearray': (content) => {
    const head = Buffer.alloc(9);
    head[0] = 0x96;
    head.writeUInt32LE(content.length, 1);
    return Buffer.concat([head, content]);
  },
  'a text in latin-1': asText('latin1'),
  base64: asText('base64'),
  'base64 for addresses': asText('base64url'),
  hex: asText('hex'),
  'hex in capitals': (content) => longText(Buffer.from(Buffer.from(content).toString('hex').toUpperCase())),
};

/** An LZ4 frame of one block that is stored: https://github.com/lz4/lz4/blob/v1.10.0/doc/lz4_Frame_format.md */
const lz4: Wrap = (content) => {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(content.length + 2 ** 31);
  return Buffer.concat([bytesOf('\x04"M\x18\x60\x40\x82'), size, content, Buffer.alloc(4)]);
};
const python =
  (expression: string): Wrap =>
  (content) =>
    run(`import bz2, lzma, sys; sys.stdout.buffer.write(${expression})`, content);
const read = 'sys.stdin.buffer.read()';
const packed: Readonly<Record<string, Wrap>> = {
  zlib: deflateSync,
  gzip: gzipSync,
  bz2: python(`bz2.compress(${read})`),
  xz: python(`lzma.compress(${read})`),
  lzma: python(`lzma.compress(${read}, lzma.FORMAT_ALONE)`),
  zstd: zstdCompressSync,
  lz4,
};

/** The calls of all findings that say what is reached, with the parts that they are in. */
function reached(part: Inspection): string[] {
  const own = part.findings.map(({ reaches, part: path }) => `${path.length} ${reaches ?? ''}`);
  return [...own, ...part.inside.flatMap(reached)];
}

describe('a pickle within another one is opened', () => {
  test.each(Object.entries(forms))('%s', async (_, wrap) => {
    for (const payload of [inner, old]) {
      const part = await scanned(pickleOf(dict({ weights: wrap(payload) })));
      expect([part.verdict, reached(part)]).toEqual(['fail', ['1 os.system']]);
      const [finding] = part.inside[0]?.findings ?? [];
      expect(finding?.trail?.map(({ operation }) => operation)).toEqual(['GLOBAL', 'REDUCE']);
    }
  });

  test.for(Object.entries(packed))('packed by %s, as bytes and as base64', async ([name, pack], context) => {
    needsPython(context);
    for (const wrap of [forms['bytes']!, forms['base64']!]) {
      const part = await scanned(pickleOf(dict({ weights: wrap(pack(inner)) })));
      expect([part.verdict, reached(part)], name).toEqual(['fail', ['2 os.system']]);
    }
  });

  test('a chain of forms shows every one of them', async () => {
    const chain = pickleOf(forms['base64']!(gzipSync(pickleOf(forms['hex']!(pickleOf(bytes(inner)))))));
    const part = await scanned(chain);
    expect([part.verdict, reached(part)]).toEqual(['fail', ['4 os.system']]);
  });

  test('down to eight levels, and what is deeper is said to be left', async () => {
    const nested = (levels: number): Uint8Array =>
      Array.from({ length: levels }).reduce<Uint8Array>((content) => pickleOf(bytes(content)), inner);
    for (const levels of [1, 7, 8]) {
      const part = await scanned(nested(levels));
      expect([part.verdict, reached(part)]).toEqual(['fail', [`${levels} os.system`]]);
    }
    const part = partOf(nested(9));
    await part.attempt(recognise);
    const left = (one: Inspection): string[] => [...one.left.map(({ reason }) => reason), ...one.inside.flatMap(left)];
    expect([part.verdict, left(part)]).toEqual(['unknown', ['more than 8 levels deep: not opened']]);
  });

  test('what only starts as one is data', async () => {
    for (const text of ['cat\ndog and bird', 'H4sIAAAAAAAAnotpacked', '80045f5f5f5f5f5f5f5f', 'eJznotzlib at all']) {
      const part = await scanned(pickleOf(longText(Buffer.from(text))));
      expect([text, part.verdict, part.inside]).toEqual([text, 'pass', []]);
    }
  });
});
