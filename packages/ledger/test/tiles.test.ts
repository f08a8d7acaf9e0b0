import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBundle, encodeEntry } from '../src/entry-bundle.ts';
import { createLedger, folderSource, openLedgerReader } from '../src/index.ts';
import { edgeTiles } from '../src/tile.ts';
import { hashesAt, levelsOf, tilePath, widthOf } from '../src/tile-path.ts';
import { concat } from '../src/verify/encoding.ts';
import { base64, bytes, expectCode, numbered, origin, signers, temporaryFolder, trust, vector } from './scene.ts';

interface Recorded {
  readonly small: { size: number; root: string; tiles: readonly { path: string; base64: string }[] };
  readonly large: { size: number; root: string; tiles: readonly { path: string; bytes: number; sha256: string }[] };
}
const recorded = vector('valid/ledger-tiles.json') as Recorded;

describe('paths', () => {
  test('are those of the specification', () => {
    expect(tilePath(0, 1_234_067)).toBe('tile/0/x001/x234/067');
    expect(tilePath('entries', 0, 5)).toBe('tile/entries/000.p/5');
    expect(tilePath(1, 999)).toBe('tile/1/999');
    expect(tilePath(63, 1000, 255)).toBe('tile/63/x001/000.p/255');
  });

  test('name every tile of the example with 70,000 entries', () => {
    // tlog-tiles, "Partial Tiles": 273 full and one partial of 112, one full and one partial of 17, one partial of 1.
    expect(levelsOf(70_000).map((level) => hashesAt(level, 70_000))).toEqual([273 * 256 + 112, 256 + 17, 1]);
    expect(edgeTiles(70_000)).toEqual([
      { level: 0, index: 273, width: 112 },
      { level: 1, index: 1, width: 17 },
      { level: 2, index: 0, width: 1 },
    ]);
    expect(edgeTiles(256)).toEqual([{ level: 1, index: 0, width: 1 }]);
    expect(edgeTiles(0)).toEqual([]);
    expect([widthOf(0, 300), widthOf(1, 300), widthOf(2, 300)]).toEqual([256, 44, 0]);
  });
});

describe('entry bundles', () => {
  test('hold entries behind their length, big-endian', () => {
    expect(encodeEntry(bytes('abc'))).toEqual(Uint8Array.of(0, 3, 0x61, 0x62, 0x63));
    expect(encodeEntry(new Uint8Array(0x0102)).subarray(0, 2)).toEqual(Uint8Array.of(1, 2));
  });

  test('are read back as they were written, and refused when cut or continued', async () => {
    const property = fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 20 }),
      fc.nat(),
      async (entries, cut) => {
        const bundle = concat(...entries.map(encodeEntry));
        expect(decodeBundle(bundle, entries.length, 'x').map((entry) => base64(entry))).toEqual(entries.map(base64));
        const short = bundle.subarray(0, cut % bundle.length);
        await expectCode(() => decodeBundle(short, entries.length, 'x'), 'HF_LEDGER_TILE_TRUNCATED');
        const long = concat(bundle, Uint8Array.of(0));
        await expectCode(() => decodeBundle(long, entries.length, 'x'), 'HF_LEDGER_TILE_CORRUPT');
      },
    );
    await fc.assert(property);
  });
});

describe('a ledger on disk', () => {
  test('has byte for byte the tiles of golang.org/x/mod for 300 entries', async () => {
    const folder = temporaryFolder();
    const ledger = await createLedger(folder, { origin, signers });
    for (const [from, to] of [
      [0, 1],
      [1, 44],
      [44, 256],
      [256, 300],
    ] as const) {
      await ledger.append(numbered(from, to));
    }
    await ledger.close();
    expect(base64(ledger.checkpoint.rootHash)).toBe(recorded.small.root);
    for (const tile of recorded.small.tiles) {
      expect({ path: tile.path, base64: readFileSync(join(folder, tile.path), 'base64') }).toEqual(tile);
    }
  });

  test('has the tiles of golang.org/x/mod for the 70,000 entries of the specification', async () => {
    const folder = temporaryFolder();
    const ledger = await createLedger(folder, { origin, signers });
    for (const [from, to] of [
      [0, 30_000],
      [30_000, 65_536],
      [65_536, 65_537],
      [65_537, 70_000],
    ] as const) {
      await ledger.append(numbered(from, to));
    }
    await ledger.close();
    expect(base64(ledger.checkpoint.rootHash)).toBe(recorded.large.root);
    for (const tile of recorded.large.tiles) {
      const data = readFileSync(join(folder, tile.path));
      const sha256 = createHash('sha256').update(data).digest('hex');
      expect({ path: tile.path, bytes: data.length, sha256 }).toEqual(tile);
    }
    const reader = await openLedgerReader(folderSource(folder), trust);
    for (const index of [0, 255, 256, 65_535, 65_536, 69_999]) {
      expect(base64(await reader.entry(index))).toBe(base64(bytes(`entry ${index}`)));
    }
  });
});
