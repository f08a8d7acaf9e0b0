import { closeSync, ftruncateSync, openSync, readdirSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type ByteSource, MemorySource } from '../../src/bytes/source.ts';
import { unpacked } from '../../src/bytes/unpack.ts';
import { scanBytes, scanFile } from '../../src/index.ts';
import { Inspection } from '../../src/inspection.ts';
import { recognise } from '../../src/recognise.ts';
import { fileScan } from '../../src/scan-options.ts';
import { rulesOf, temporaryFolder, tensors } from './scene.ts';
import { tarOf } from './tar-bytes.ts';
import { type Made, zipOf } from './zip-bytes.ts';

/** 50 million zeros, by Python 3.11's bz2. */
const bomb = Buffer.from(
  '425a68393141592653590e09e2df015f8e4000c0000008200030804d4642a025a90a809731415926535993c4ec3d001f68c100c00000100008200030cc09aa6995220daa5220f1772453850908fd729830',
  'hex',
);

it('a bomb ends at the limit of its ratio', async () => {
  const result = await scanBytes(bomb, 'a.bz2');
  expect(rulesOf(result)).toContain('81 bytes unpack to more than 16777216');
  expect(result.verdict).toBe('unknown');
});

it('a bomb in a zip does, and what else is in there is looked at', async () => {
  const size = 50_000_000;
  const made = { name: 'bomb', packed: bomb, method: 12, both: { size, crc: crc32(Buffer.alloc(size)) } };
  const result = await scanBytes(zipOf([made, { name: '../a', content: tensors() }]), 'a.zip');
  expect(rulesOf(result)).toContain('entry `bomb`: 81 bytes unpack to more than 16777216');
  expect(rulesOf(result)).toContain('scan.zip.path');
});

it('all that is unpacked counts together', async () => {
  const content = gzipSync(Buffer.alloc(60_000));
  const entries = Array.from({ length: 9 }, (_, index): Made => ({ name: `${index}`, content }));
  const result = await scanBytes(zipOf(entries), 'a.zip', { limits: { unpackedBytes: 200_000 } });
  expect(rulesOf(result)).toContain('unpacks to more than 200000 bytes');
});

it('zips within zips end at the limit of depth', async () => {
  let bytes: Buffer = tensors();
  for (let level = 0; level < 30; level += 1) bytes = zipOf([{ name: 'r.zip', content: bytes, method: 8 }]);
  const result = await scanBytes(bytes, 'r.zip');
  expect(rulesOf(result)).toContain('more than 8 levels deep: not opened');
  expect([result.verdict, result.parts]).toEqual(['unknown', 9]);
});

it('a tree of zips ends at the limit of parts', async () => {
  let bytes: Buffer = tensors();
  for (let level = 0; level < 6; level += 1) {
    const content = bytes;
    bytes = zipOf(Array.from({ length: 10 }, (_, index) => ({ name: `${index}.zip`, content, method: 8 })));
  }
  const result = await scanBytes(bytes, 'r.zip', { limits: { parts: 300 } });
  expect(rulesOf(result)).toContain('the file has more than 300 parts: not opened');
  expect(result.verdict).toBe('unknown');
});

it('more entries than parts are allowed are not followed', async () => {
  const entries = Array.from({ length: 40 }, (_, index): Made => ({ name: `${index}`, content: tensors() }));
  for (const bytes of [
    zipOf(entries),
    tarOf(entries.map(({ name, content }) => ({ name: String(name), ...(content === undefined ? {} : { content }) }))),
  ]) {
    expect((await scanBytes(bytes, 'a', { limits: { parts: 30 } })).verdict).toBe('unknown');
  }
});

const inspectionOf = (source: ByteSource): Inspection => new Inspection(fileScan({}), source, 'a');

it('what is unpacked and large is spooled to a file that has no name', async () => {
  const before = readdirSync(tmpdir()).filter((name) => name.startsWith('holdfast-scan-') && !name.includes('test'));
  const size = 2 ** 24 + 2 ** 20;
  const content = Buffer.alloc(size, 'numbers ');
  const packed = new MemorySource(deflateRawSync(content));
  using spooled = await unpacked(inspectionOf(packed), packed, 'deflate');
  expect(spooled.size).toBe(size);
  for (const at of [0, 5, 2 ** 24 - 3, size - 8]) {
    expect(Buffer.from(spooled.read(at, 8)).toString()).toBe(content.subarray(at, at + 8).toString());
  }
  const after = readdirSync(tmpdir()).filter((name) => name.startsWith('holdfast-scan-') && !name.includes('test'));
  expect(after.filter((name) => !before.includes(name))).toEqual([]);
});

/** Counts what is read: the time of a scan, without a clock. */
class CountingSource extends MemorySource {
  reads = 0;
  bytes = 0;

  override read(offset: number, length: number): Uint8Array {
    this.reads += 1;
    this.bytes += length;
    return super.read(offset, length);
  }
}

async function costOf(bytes: Buffer): Promise<{ reads: number; bytes: number }> {
  const source = new CountingSource(bytes);
  await inspectionOf(source).attempt(recognise);
  return source;
}

const worst: Readonly<Record<string, (count: number) => Buffer>> = {
  'entries of a zip': (count) => zipOf(Array.from({ length: count }, (_, index) => ({ name: `e${index}` }))),
  'ends of a zip': (count) => zipOf([{ name: 'a' }], { comment: Buffer.from('PK\x05\x06'.repeat(count)) }),
  'bytes between entries': (count) =>
    zipOf(Array.from({ length: count }, (_, index) => ({ name: `e${index}`, before: Buffer.of(1) }))),
  'folders in names': (count) =>
    zipOf(Array.from({ length: count }, (_, index) => ({ name: `${'d/'.repeat(60)}${index}` }))),
  'entries of a tar': (count) => tarOf(Array.from({ length: count }, (_, index) => ({ name: `e${index}` }))),
  'members of gzip': (count) => Buffer.concat(Array.from({ length: count }, () => gzipSync(Buffer.of(1)))),
};

it.each(Object.entries(worst))('twice as many take twice the reads: %s', async (_, make) => {
  const [once, twice] = [await costOf(make(400)), await costOf(make(800))];
  expect(twice.reads).toBeLessThanOrEqual(2.2 * once.reads);
});

it('the numbers of a PyTorch archive are not read, however many there are', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'model.pt');
  const size = 2 ** 32 - 2 ** 20;
  const text = (value: string): string => `X${String.fromCharCode(value.length)}\0\0\0${value}`;
  const count = Buffer.alloc(8);
  count.writeBigUInt64LE(BigInt(size));
  const id = `(${text('storage')}ctorch\nUntypedStorage\n${text('0')}${text('cpu')}\x8a\x08${count.toString('latin1')}tQ`;
  const entries: Made[] = [
    { name: 'a/data.pkl', content: Buffer.from(`\x80\x02${id}.`, 'latin1') },
    { name: 'a/version', content: Buffer.from('3\n') },
    { name: 'a/data/0', both: { size, compressedSize: size } },
  ];
  const whole = zipOf(entries);
  const directory = whole.indexOf('PK\x01\x02');
  whole.writeUInt32LE(directory + size, whole.length - 6);
  const descriptor = openSync(file, 'w');
  try {
    writeSync(descriptor, whole, 0, directory);
    ftruncateSync(descriptor, directory + size);
    writeSync(descriptor, whole, directory, whole.length - directory, directory + size);
  } finally {
    closeSync(descriptor);
  }
  const result = await scanFile(file, { hash: false });
  expect([result.verdict, rulesOf(result), result.format]).toEqual(['pass', [], 'pytorch']);
});

it('a mutated archive is never clean but where it means the same, and ends', async () => {
  const entries: Made[] = [
    { name: 'a.safetensors', content: tensors(), method: 8 },
    { name: 'b.safetensors', content: tensors(1) },
  ];
  const seeds = [zipOf(entries), tarOf([{ name: 'a.safetensors', content: tensors() }]), gzipSync(tensors())];
  const change = fc.tuple(fc.nat(), fc.nat(255), fc.constantFrom('set', 'cut', 'repeat', 'drop'));
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...seeds),
      fc.array(change, { minLength: 1, maxLength: 4 }),
      async (seed, changes) => {
        const changed = changes.reduce(mutated, Buffer.from(seed));
        const result = await scanBytes(changed, 'a', { hash: false, limits: { time: 20_000 } });
        expect(result.verdict === 'pass' || rulesOf(result).length > 0).toBe(true);
        // Cut short or longer, nothing of this size is whole.
        if (changed.length < seed.length - 1024) expect(result.verdict).not.toBe('pass');
      },
    ),
    { numRuns: 400 },
  );
});

function mutated(bytes: Buffer, [place, byte, how]: [number, number, string]): Buffer {
  const at = place % Math.max(1, bytes.length);
  if (how === 'cut') return bytes.subarray(0, at);
  if (how === 'repeat') return Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - byte))]);
  if (how === 'drop') return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + byte)]);
  const copy = Buffer.from(bytes);
  if (copy.length > 0) copy[at] = byte;
  return copy;
}
