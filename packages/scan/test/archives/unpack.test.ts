import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { Crc64 } from '../../src/bytes/packing/crc64.ts';
import { XxHash32 } from '../../src/bytes/packing/xxhash32.ts';
import { MemorySource, NotUnderstood } from '../../src/bytes/source.ts';
import { type Packing, unpackerOf } from '../../src/bytes/unpack.ts';
import { runPython, runTool, temporaryFolder } from './scene.ts';

async function unpack(method: Packing, packed: Uint8Array): Promise<{ bytes: Buffer; end: number }> {
  const pieces = (await unpackerOf(method))(new MemorySource(packed));
  const bytes: Uint8Array[] = [];
  for (;;) {
    const { done, value } = await pieces.next();
    if (done === true) return { bytes: Buffer.concat(bytes), end: value };
    bytes.push(value);
  }
}

/** Words that match near and far, long runs, noise: what brings every kind of symbol of every packing about. */
const content = `
import random
random.seed(20261128)
words = [bytes(random.choices(b'abcdefgh ', k=random.randint(1, 9))) for _ in range(500)]
text = b' '.join(random.choices(words, k=20000))
content = b'\\0' * 700 + text + b'\\0' * 200000 + random.randbytes(70000) + text[5000:40000] + b'ab' * 3000
open('content', 'wb').write(content)
open('empty', 'wb').write(b'')
`;

const python = `${content}
import bz2, gzip, lzma, zlib
for name in ('content', 'empty'):
    data = open(name, 'rb').read()
    half = len(data) // 2
    write = lambda ending, packed: open(f'{name}.{ending}', 'wb').write(packed)
    write('1.bz2', bz2.compress(data)); write('2.bz2', bz2.compress(data[:half], 1) + bz2.compress(data[half:], 9))
    for check in (lzma.CHECK_NONE, lzma.CHECK_CRC32, lzma.CHECK_CRC64, lzma.CHECK_SHA256):
        write(f'{check}.xz', lzma.compress(data, check=check))
    write('2.xz', lzma.compress(data[:half], preset=0) + bytes(8) + lzma.compress(data[half:], preset=9))
    odd = [{'id': lzma.FILTER_LZMA2, 'lc': 0, 'lp': 3, 'pb': 4, 'dict_size': 4096}]
    write('3.xz', lzma.compress(data, filters=odd))
    write('1.lzma', lzma.compress(data, format=lzma.FORMAT_ALONE))
    odd = [{'id': lzma.FILTER_LZMA1, 'lc': 4, 'lp': 0, 'pb': 0, 'dict_size': 65536}]
    write('2.lzma', lzma.compress(data, format=lzma.FORMAT_ALONE, filters=odd))
    write('1.gzip', gzip.compress(data)); write('2.gzip', gzip.compress(data[:9]) + gzip.compress(data[9:]) + bytes(512))
    write('1.zlib', zlib.compress(data, 9)); write('2.zlib', zlib.compress(data, 0))
`;

const written: readonly Packing[] = ['bz2', 'xz', 'lzma', 'gzip', 'zlib'];

it('unpacks what CPython packs: bz2, lzma, gzip, zlib', async (context) => {
  const folder = temporaryFolder();
  runPython(context, folder, python);
  for (const name of ['content', 'empty']) {
    for (const file of ['1', '2'].flatMap((way) => written.map((packing) => `${way}.${packing}`)).concat(xzFiles)) {
      await expectContent(folder, name, file);
    }
  }
});

const xzFiles = ['0.xz', '1.xz', '4.xz', '10.xz', '3.xz'];

async function expectContent(folder: string, name: string, file: string): Promise<void> {
  const packing = file.slice(file.indexOf('.') + 1) as Packing;
  const packed = readFileSync(join(folder, `${name}.${file}`));
  const { bytes, end } = await unpack(packing, packed);
  expect([file, end, bytes.equals(readFileSync(join(folder, name)))]).toEqual([file, packed.length, true]);
}

const tools: readonly (readonly [Packing, string, ...(readonly string[])])[] = [
  ['xz', 'xz', '-kf', '-9', '--block-size=100000'],
  ['lzma', 'xz', '-kf', '--format=lzma'],
  ['bz2', 'bzip2', '-kf'],
  ['gzip', 'gzip', '-kf'],
  ['zstd', 'zstd', '-qf', '-19'],
  ['zstd', 'zstd', '-qf', '--no-check', '--fast'],
  ['lz4', 'lz4', '-qf', '-m'],
  ['lz4', 'lz4', '-qf', '-m', '-B4', '-BD', '-BX', '--content-size'],
  ['lz4', 'lz4', '-qf', '-m', '-9', '--no-frame-crc'],
];
const endings: Partial<Record<Packing, string>> = { bz2: 'bz2', gzip: 'gz', zstd: 'zst' };

it.for(tools)('unpacks what the tool packs: %s of %s %s %s %s %s', async ([packing, tool, ...words], context) => {
  const folder = temporaryFolder();
  runPython(context, folder, content);
  runTool(context, folder, tool, ...words, 'content', 'empty');
  for (const name of ['content', 'empty']) {
    const packed = readFileSync(join(folder, `${name}.${endings[packing] ?? packing}`));
    const { bytes, end } = await unpack(packing, packed);
    expect([end, bytes.equals(readFileSync(join(folder, name)))]).toEqual([packed.length, true]);
  }
});

const text = Buffer.from('the same again, the same again, and the same again\n'.repeat(40));
/** Packed once by each program, so that the tests of what is broken need none: Python 3.11, `lz4` 1.9.4. */
const whole: Readonly<Record<Packing, Buffer>> = {
  deflate: deflateRawSync(text),
  zlib: deflateSync(text),
  gzip: gzipSync(text),
  zstd: zstdCompressSync(text, { params: { 201: 1 } }),
  bz2: Buffer.from(
    '425a6839314159265359859ccda00003f1d1800010400426e30c00200075052a83419014a90681a7a26455c09815644d84dc2722aec55a156e270268559156455f0ab0156855813222d09f8bb9229c284842ce66d000',
    'hex',
  ),
  xz: Buffer.from(
    'fd377a585a000004e6d6b4460200210116000000742fe5a3e007f7002a5d003a1a08ce76d976d393cd9470e75a8f5799f11354a233221c7fec4d79c0ccf7e75cdfd6ed2b45dd4983000000000a4aaa91dd775966000146f80f0000006636733ab1c467fb020000000004595a',
    'hex',
  ),
  lzma: Buffer.from(
    '5d00008000ffffffffffffffff003a1a08ce76d976d393cd9470e75a8f5799f11354a233221c7fec4d79c0ccf7e75cdfd6ed2b45de3bfdb3ffffa15f0000',
    'hex',
  ),
  lz4: Buffer.from(
    '04224d187440bd32000000fc017468652073616d6520616761696e2c2010003b616e6414001c0a23000c10000f3300ffffffffffffff94506761696e0a0eb2ca5200000000f94021c4',
    'hex',
  ),
};
const packings = Object.keys(whole) as Packing[];

it.each(packings)('stops where the packed bytes end, and says where: %s', async (packing) => {
  const { bytes, end } = await unpack(packing, Buffer.concat([whole[packing], Buffer.from('what follows')]));
  expect([bytes.toString(), end]).toEqual([text.toString(), whole[packing].length]);
});

it.each(packings)('cut short anywhere, it says so: %s', async (packing) => {
  for (let length = 0; length < whole[packing].length; length += 1) {
    await expect(unpack(packing, whole[packing].subarray(0, length))).rejects.toThrow(NotUnderstood);
  }
});

/** Bare deflate and LZMA alone have no checksum; where a zip or tar holds them, that of the zip is compared. */
const summed = packings.filter((packing) => packing !== 'deflate' && packing !== 'lzma');

it.each(summed)('a changed bit is noticed, or changes nothing: %s', async (packing) => {
  for (let bit = 0; bit < whole[packing].length * 8; bit += 1) {
    const changed = Buffer.from(whole[packing]);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const result = await unpack(packing, changed).catch((error: unknown) => error);
    if (result instanceof NotUnderstood) continue;
    expect([bit, (result as { bytes: Buffer }).bytes.equals(text)]).toEqual([bit, true]);
  }
});

it('sums as the standards do', () => {
  // xxHash's own vector for an empty input, and those of the specification of xz and of ECMA-182 for "123456789".
  expect(new XxHash32().update(new Uint8Array(0)).value).toBe(0x02cc5d05);
  const sum = new Crc64();
  sum.update(Buffer.from('123456789'));
  expect(sum.value).toBe(0x995dc9bbdf1939fan);
});
