import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../src/bytes/source.ts';
import { linkMessages, tableLinks, tableOf } from '../../src/formats/hdf5/links.ts';
import { Metadata } from '../../src/formats/hdf5/metadata.ts';
import { messagesOf } from '../../src/formats/hdf5/object-header.ts';
import { scanHdf5 } from '../../src/formats/hdf5/scan.ts';
import { readSuperblock } from '../../src/formats/hdf5/superblock.ts';
import { CountedSource, inspect } from './inspect.ts';

const folder = fileURLToPath(new URL('./files/', import.meta.url));
const file = (path: string): Buffer => readFileSync(folder + path);

/** Every link by its path and kind, each object entered once, in the order of the names. */
async function linksOf(bytes: Uint8Array): Promise<string[][]> {
  const names: string[][] = [];
  const part = await inspect(new MemorySource(bytes), (inspection) => {
    const { file: source, root } = readSuperblock(inspection.source);
    const metadata = new Metadata(inspection, source);
    const seen = new Set<number>();
    const visit = (address: number, path: string): void => {
      if (seen.has(address)) return;
      seen.add(address);
      const messages = messagesOf(metadata, address);
      const table = tableOf(messages);
      const links = [...linkMessages(messages), ...(table === undefined ? [] : tableLinks(metadata, table))];
      for (const link of links.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
        names.push([path + link.name, link.kind === 'hard' ? 'HardLink' : 'SoftLink']);
        if (link.kind === 'hard') visit(link.address, `${path}${link.name}/`);
      }
    };
    visit(root, '');
  });
  expect(part.left).toEqual([]);
  return names.toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1));
}

describe('the links of an HDF5 file', () => {
  it.each(['plain.hdf5', 'plain-v108.hdf5', 'plain-latest.hdf5'])('are those that h5py sees: %s', async (name) => {
    expect(await linksOf(file(name))).toEqual(JSON.parse(file('plain.json').toString()));
  });

  it('are found in a B-tree of several nodes', async () => {
    const names = (await linksOf(file('many.hdf5'))).map(([name]) => name);
    expect(names).toEqual(Array.from({ length: 300 }, (_, index) => `g${String(index).padStart(3, '0')}`));
  });
});

/** What is changed in `plain.hdf5`, by the layout of the specification. */
function changed(change: (bytes: Buffer) => void, name = 'plain.hdf5'): MemorySource {
  const bytes = Buffer.from(file(name));
  change(bytes);
  return new MemorySource(bytes);
}

// Superblock version 0 (II.A): the end at 40, the driver at 48, the root's header at 64, its B-tree and heap at 80 and 88.
const at = { sizes: 13, base: 24, end: 40, driver: 48, root: 64, cachedTree: 80 };

describe('what is not understood', () => {
  it.each<[string, (bytes: Buffer) => void, RegExp]>([
    ['an end beyond the file', (bytes) => bytes.writeBigUInt64LE(1n << 40n, at.end), /cut short/],
    ['offsets of 4 bytes', (bytes) => bytes.writeUInt8(4, at.sizes), /not of 8 bytes/],
    ['addresses from elsewhere', (bytes) => bytes.writeBigUInt64LE(8n, at.base), /count from the superblock/],
    ['a driver', (bytes) => bytes.writeBigUInt64LE(96n, at.driver), /several files/],
    ['a root outside', (bytes) => bytes.writeBigUInt64LE(1n << 50n, at.root), /cut short/],
    ['a root that is no object', (bytes) => bytes.writeBigUInt64LE(0n, at.root), /version 137/],
    ['two tables for the root', (bytes) => bytes.writeBigUInt64LE(8n, at.cachedTree), /two tables/],
  ])('%s', async (_, change, reason) => {
    const part = await inspect(changed(change), scanHdf5);
    expect(part.left.map((left) => left.reason).join()).toMatch(reason);
    expect(part.verdict).toBe('unknown');
  });

  it('a B-tree that contains itself', async () => {
    const part = await inspect(
      changed((bytes) => {
        const tree = bytes.readBigUInt64LE(at.cachedTree);
        // The first child of a B-tree is 8 bytes behind its head of 24 (III.A.1).
        bytes.writeBigUInt64LE(tree, Number(tree) + 32);
      }),
      scanHdf5,
    );
    expect(part.left).toMatchObject([{ reason: 'a B-tree contains itself' }]);
  });

  it('a message of a type that nobody knows', async () => {
    const part = await inspect(
      changed((bytes) => {
        const root = Number(bytes.readBigUInt64LE(at.root));
        bytes.writeUInt16LE(0x77, root + 16);
      }),
      scanHdf5,
    );
    expect(part.left).toMatchObject([{ reason: 'a message of the unknown type 119' }]);
  });

  it('bytes behind the end', async () => {
    const bytes = Buffer.concat([file('plain.hdf5'), Buffer.from('PK\u0005\u0006')]);
    expect((await inspect(new MemorySource(bytes), scanHdf5)).left).toMatchObject([
      { reason: '4 bytes stand behind the end of the HDF5 file' },
    ]);
  });
});

describe('reading', () => {
  it('takes a few reads of each object, and no more than the file has', async () => {
    const source = new CountedSource(file('many.hdf5'));
    expect((await inspect(source, scanHdf5)).verdict).toBe('pass');
    expect(source.bytes).toBeLessThan(source.size);
    expect(source.reads).toBeLessThan(301 * 40);
  });

  it('ends where headers overlap: each object would be read as long as the file', async () => {
    const measured: number[] = [];
    for (const objects of [400, 800]) {
      const source = new CountedSource(overlapping(objects));
      expect((await inspect(source, scanHdf5)).left.map(({ reason }) => reason).join()).toMatch(/overlap/);
      measured.push(source.bytes / source.size);
    }
    expect(Math.max(...measured)).toBeLessThan(40);
  });
});

/** A root of version 2 with links to objects whose first chunks all reach to the end of the file (IV.A.1.b, IV.A.2.g). */
function overlapping(objects: number): Buffer {
  const links = Array.from({ length: objects }, (_, index) => linkMessage(`o${index}`, 0));
  const chunk = Buffer.concat(links);
  const root = Buffer.concat([Buffer.from('OHDR\u0002\u0002', 'latin1'), u32(chunk.length), chunk, u32(0)]);
  const start = 48 + root.length;
  const step = 16;
  const tail = Buffer.alloc(objects * step + 200_000);
  for (let index = 0; index < objects; index++) {
    const place = index * step;
    Buffer.from('OHDR\u0002\u0002', 'latin1').copy(tail, place);
    // NIL messages (type 0) of what follows: one of 2 bytes leads to the next head, which is read as data.
    tail.writeUInt32LE(tail.length - place - 14, place + 6);
    const address = BigInt(start + place);
    root.writeBigUInt64LE(address, linkAddress(index));
  }
  const superblock = Buffer.alloc(48);
  Buffer.from('\u0089HDF\r\n\u001a\n\u0002\u0008\u0008\u0000', 'latin1').copy(superblock);
  superblock.writeBigUInt64LE(0xffffffffffffffffn, 20);
  superblock.writeBigUInt64LE(BigInt(start + tail.length), 28);
  superblock.writeBigUInt64LE(48n, 36);
  return Buffer.concat([superblock, root, tail]);
}

function linkMessage(name: string, address: number): Buffer {
  const padded = name.padEnd(6, '_');
  const body = Buffer.concat([Buffer.of(1, 0, padded.length), Buffer.from(padded), Buffer.alloc(8, address)]);
  return Buffer.concat([Buffer.of(6, body.length, 0, 0), body]);
}

/** Of the address in the link of an index: behind the head of 10, 4 of each message, version, flags, length and name. */
const linkAddress = (index: number): number => 10 + index * 21 + 4 + 3 + 6;

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
