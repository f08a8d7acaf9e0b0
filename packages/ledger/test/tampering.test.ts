import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  createLedger,
  folderSource,
  fsck,
  LedgerError,
  type LedgerErrorCode,
  nodeCryptography,
  openLedgerReader,
  writeProof,
} from '../src/index.ts';
import { signNote } from '../src/note-signer.ts';
import { formatCheckpointBody, verifyConsistency, verifyInclusion, verifyProofFile } from '../src/verify/index.ts';
import {
  base64,
  bytes,
  expectCode,
  leaf,
  MemorySource,
  memorySource,
  mth,
  numbered,
  origin,
  path,
  signers,
  subproof,
  temporaryFolder,
  trust,
} from './scene.ts';

const size = 700;
const entries = numbered(0, size);
let original: MemorySource;

/** A ledger with two full and one partial tile at level 0, and left partial tiles, in memory. */
beforeAll(async () => {
  const { mkdtempSync } = await import('node:fs');
  const folder = mkdtempSync('/tmp/holdfast-ledger-');
  const ledger = await createLedger(folder, { origin, signers });
  for (const to of [1, 200, 512, 600, 650, size]) await ledger.append(numbered(ledger.size, to));
  await ledger.close();
  original = memorySource(folder);
  rmSync(folder, { recursive: true, force: true });
});

const tiles = ['tile/0/000', 'tile/0/001', 'tile/0/002.p/188', 'tile/1/000.p/2'];
const bundles = ['tile/entries/000', 'tile/entries/001', 'tile/entries/002.p/188'];
const left = ['tile/0/002.p/88', 'tile/0/002.p/138', 'tile/entries/002.p/88', 'tile/entries/002.p/138'];

function altered(name: string, change: (data: Uint8Array) => Uint8Array | undefined): MemorySource {
  const source = new MemorySource(original.files);
  const data = change(Uint8Array.from(source.files.get(name) ?? []));
  if (data === undefined) source.files.delete(name);
  else source.files.set(name, data);
  return source;
}

function flip(at: number): (data: Uint8Array) => Uint8Array {
  return (data) => data.map((byte, position) => (position === at % data.length ? byte ^ 0x10 : byte));
}

/** Reads everything there is to read. */
async function readAll(source: MemorySource): Promise<void> {
  const reader = await openLedgerReader(source, trust);
  await reader.leafHashes();
  for await (const entry of reader.entries()) expect(entry.length).toBeLessThan(65_536);
}

describe('the reader', () => {
  test('has the files that the test expects', () => {
    expect([...original.files.keys()].sort()).toEqual(['checkpoint', ...tiles, ...bundles, ...left].sort());
  });

  test('gives entries, leaf hashes, roots and proofs as RFC 9162 has them', async () => {
    const reader = await openLedgerReader(original, trust);
    expect((await reader.leafHashes()).map(base64)).toEqual(entries.map((entry) => base64(leaf(entry))));
    expect((await reader.leafHashes(250, 260)).map(base64)).toEqual(
      numbered(250, 260).map((entry) => base64(leaf(entry))),
    );
    const read: string[] = [];
    for await (const entry of reader.entries(255, 513)) read.push(base64(entry));
    expect(read).toEqual(numbered(255, 513).map(base64));
    for (const [index, to] of [
      [0, 1],
      [0, 700],
      [255, 256],
      [255, 700],
      [256, 257],
      [699, 700],
      [300, 511],
    ] as const) {
      const some = entries.slice(0, to);
      const proof = await reader.proveInclusion(index, to);
      expect(proof.map(base64)).toEqual(path(index, some).map(base64));
      expect(base64(await reader.rootAt(to))).toBe(base64(mth(some)));
      verifyInclusion(
        { leafHash: await reader.leafHash(index), index, size: to, rootHash: mth(some), proof },
        nodeCryptography,
      );
    }
    for (const [from, to] of [
      [1, 700],
      [255, 256],
      [256, 700],
      [257, 700],
      [512, 513],
      [700, 700],
      [300, 699],
    ] as const) {
      const proof = await reader.proveConsistency(from, to);
      expect(proof.map(base64)).toEqual(subproof(from, entries.slice(0, to)).map(base64));
      const head = (at: number) => ({ size: at, rootHash: mth(entries.slice(0, at)) });
      verifyConsistency({ from: head(from), to: head(to), proof }, nodeCryptography);
    }
    expect(await reader.proveConsistency(0)).toEqual([]);
  });

  test('writes offline proofs', async () => {
    const reader = await openLedgerReader(original, trust);
    for (const index of [0, 255, 256, 699]) {
      const proof = await writeProof(reader, index, { extra: bytes('more') });
      const expected = { ...trust, leafHash: leaf(bytes(`entry ${index}`)) };
      expect((await verifyProofFile(proof, expected, nodeCryptography)).size).toBe(size);
      const wrong = { ...trust, leafHash: leaf(bytes('another')) };
      await expectCode(() => verifyProofFile(proof, wrong, nodeCryptography), 'HF_LEDGER_INCLUSION_INVALID');
    }
  });

  test('refuses what is outside the tree', async () => {
    const reader = await openLedgerReader(original, trust);
    for (const index of [-1, 0.5, size, Number.NaN, 2 ** 60]) {
      await expectCode(() => reader.leafHash(index), 'HF_LEDGER_RANGE');
      await expectCode(() => reader.entry(index), 'HF_LEDGER_RANGE');
      await expectCode(() => reader.proveInclusion(index), 'HF_LEDGER_RANGE');
    }
    await expectCode(() => reader.proveInclusion(5, 5), 'HF_LEDGER_RANGE');
    await expectCode(() => reader.proveConsistency(6, 5), 'HF_LEDGER_RANGE');
    await expectCode(() => reader.leafHashes(0, size + 1), 'HF_LEDGER_RANGE');
    await expectCode(() => reader.rootAt(size + 1), 'HF_LEDGER_RANGE');
  });

  test.each([...tiles, ...bundles])('finds any flipped byte in %s, and names it', async (name) => {
    const length = original.files.get(name)?.length ?? 0;
    for (let at = 0; at < length; at += Math.ceil(length / 40)) {
      const error = await readAll(altered(name, flip(at))).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      // A flipped length inside a bundle may make it end early.
      const codes = name.includes('entries')
        ? ['HF_LEDGER_TILE_CORRUPT', 'HF_LEDGER_TILE_TRUNCATED']
        : ['HF_LEDGER_TILE_CORRUPT'];
      expect(error).toBeInstanceOf(LedgerError);
      expect(codes).toContain((error as LedgerError).code);
      expect((error as LedgerError).where).toBe(name);
    }
  });

  test.each([...tiles, ...bundles])('finds that %s is cut short, or too long', async (name) => {
    const cut = altered(name, (data) => data.subarray(0, -1));
    await expectCode(() => readAll(cut), 'HF_LEDGER_TILE_TRUNCATED', name);
    const code: LedgerErrorCode = name.includes('entries') ? 'HF_LEDGER_TILE_CORRUPT' : 'HF_LEDGER_TILE_TRUNCATED';
    const long = altered(name, (data) => Uint8Array.of(...data, 0));
    await expectCode(() => readAll(long), code, name);
  });

  test.each([...tiles, ...bundles])('finds that %s is missing', async (name) => {
    await expectCode(() => readAll(altered(name, () => undefined)), 'HF_LEDGER_TILE_MISSING', name);
  });

  test('takes the full tile, or a wider partial one, where a partial one has gone', async () => {
    const small = await signNote(formatCheckpointBody({ origin, size: 250, rootHash: mth(numbered(0, 250)) }), signers);
    const full = new MemorySource(original.files);
    full.files.set('checkpoint', bytes(small));
    await readAll(full);
    const wider = await signNote(formatCheckpointBody({ origin, size: 532, rootHash: mth(numbered(0, 532)) }), signers);
    full.files.set('checkpoint', bytes(wider));
    await readAll(full);
    const reader = await openLedgerReader(full, trust);
    expect(base64(await reader.entry(531))).toBe(base64(bytes('entry 531')));
  });

  test('finds any flipped byte in the checkpoint', async () => {
    const text = original.files.get('checkpoint') ?? new Uint8Array();
    for (let at = 0; at < text.length; at += 7) {
      const error = await readAll(altered('checkpoint', flip(at))).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error, `byte ${at}`).toBeInstanceOf(LedgerError);
    }
  });

  test('refuses another tree under a valid checkpoint', async () => {
    const forged = numbered(0, size).map((entry, at) => (at === 3 ? bytes('forged') : entry));
    const source = new MemorySource(original.files);
    const head = { origin, size, rootHash: mth(forged) };
    source.files.set('checkpoint', bytes(await signNote(formatCheckpointBody(head), signers)));
    await expectCode(() => readAll(source), 'HF_LEDGER_ROOT_MISMATCH', 'checkpoint');
  });

  test('without a checkpoint finds no ledger', async () => {
    await expectCode(() => readAll(altered('checkpoint', () => undefined)), 'HF_LEDGER_NOT_FOUND');
  });

  test('holds the ledger to what was seen before', async () => {
    const seen = (to: number, rootHash: Uint8Array) =>
      openLedgerReader(original, { ...trust, seen: { size: to, rootHash } });
    await seen(0, mth([]));
    await seen(300, mth(numbered(0, 300)));
    await seen(size, mth(entries));
    await expectCode(() => seen(size + 1, mth(numbered(0, size + 1))), 'HF_LEDGER_ROLLBACK');
    await expectCode(() => seen(size, mth(numbered(1, size + 1))), 'HF_LEDGER_FORK');
    await expectCode(() => seen(300, mth(numbered(1, 301))), 'HF_LEDGER_FORK');
  });

  test('never ends in anything but its own error on mutated files', async () => {
    const names = [...original.files.keys()];
    const mutation = fc.record({
      name: fc.constantFrom(...['checkpoint', ...tiles, ...bundles]),
      at: fc.nat(),
      data: fc.uint8Array({ maxLength: 40 }),
      cut: fc.boolean(),
    });
    expect(names.length).toBeGreaterThan(0);
    await fc.assert(
      fc.asyncProperty(mutation, async ({ name, at, data, cut }) => {
        const source = altered(name, (before) => {
          const start = at % (before.length + 1);
          return Uint8Array.of(...before.subarray(0, start), ...data, ...(cut ? [] : before.subarray(start)));
        });
        await readAll(source).catch((error: unknown) => {
          expect(error).toBeInstanceOf(LedgerError);
        });
        const result = await fsck(source, trust);
        const changed = base64(source.files.get(name)!) !== base64(original.files.get(name)!);
        expect(result.problems.length > 0).toBe(changed);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a folder', () => {
  test('with a directory or an absurdly long file in the place of one is an error of the system', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'checkpoint'));
    await expectCode(() => folderSource(folder).read('checkpoint'), 'HF_LEDGER_IO');
    writeFileSync(join(folder, 'huge'), '');
    truncateSync(join(folder, 'huge'), 2 ** 30);
    await expectCode(() => folderSource(folder).read('huge'), 'HF_LEDGER_IO');
    expect(await folderSource(folder).read('checkpoint/deeper')).toBeUndefined();
    expect(await folderSource(folder).list?.('missing')).toEqual([]);
  });
});

describe('fsck', () => {
  test('finds nothing wrong with a good ledger', async () => {
    const { problems, rootHash, ...rest } = await fsck(original, trust);
    expect({ problems, ...rest }).toEqual({ problems: [], size });
    expect(base64(rootHash ?? new Uint8Array())).toBe(base64(mth(entries)));
  });

  test.each([...tiles, ...left.filter((name) => name.startsWith('tile/0'))])(
    'names %s when a byte in it is flipped',
    async (name) => {
      for (const at of [0, 31, 32, 1000]) {
        const { problems } = await fsck(altered(name, flip(at)), trust);
        expect(problems.map(({ where, code }) => ({ where, code }))).toEqual([
          { where: name, code: 'HF_LEDGER_TILE_CORRUPT' },
        ]);
      }
    },
  );

  test.each([...bundles, ...left.filter((name) => name.includes('entries'))])(
    'names %s when a byte in it is flipped',
    async (name) => {
      for (const at of [0, 1, 2, 5, 500]) {
        const { problems, rootHash } = await fsck(altered(name, flip(at)), trust);
        expect(problems.map(({ where }) => where)).toEqual([name]);
        // The tile beside it still leads to the signed root.
        expect(base64(rootHash ?? new Uint8Array())).toBe(base64(mth(entries)));
      }
    },
  );

  test.each([...tiles, ...bundles])('names %s when it is missing or cut short', async (name) => {
    for (const change of [() => undefined, (data: Uint8Array) => data.subarray(0, -1)]) {
      const { problems } = await fsck(altered(name, change), trust);
      expect(problems.map(({ where }) => where)).toEqual([name]);
    }
  });

  test('names both where an entry can be read from neither', async () => {
    const source = altered('tile/0/001', () => undefined);
    source.files.delete('tile/entries/001');
    const { problems, rootHash } = await fsck(source, trust);
    expect(problems.map(({ where }) => where).sort()).toEqual(['tile/0/001', 'tile/entries/001']);
    expect(rootHash).toBeUndefined();
  });

  test('finds that the checkpoint signs another root', async () => {
    const source = new MemorySource(original.files);
    const head = { origin, size, rootHash: mth(numbered(1, size + 1)) };
    source.files.set('checkpoint', bytes(await signNote(formatCheckpointBody(head), signers)));
    const { problems } = await fsck(source, trust);
    expect(problems.map(({ where, code }) => ({ where, code }))).toEqual([
      { where: 'checkpoint', code: 'HF_LEDGER_ROOT_MISMATCH' },
    ]);
  });

  test('says what is wrong with a checkpoint', async () => {
    const codes = async (source: MemorySource) => (await fsck(source, trust)).problems.map(({ code }) => code);
    expect(await codes(altered('checkpoint', () => undefined))).toEqual(['HF_LEDGER_NOT_FOUND']);
    expect(await codes(altered('checkpoint', () => bytes('x')))).toEqual(['HF_LEDGER_NOTE_FORMAT']);
  });

  test('ignores what lies beyond the checkpoint, and names that are none of a log', async () => {
    const source = new MemorySource(original.files);
    for (const name of [
      'tile/0/002.p/255',
      'tile/0/003',
      'tile/0/002.p/x',
      'tile/0/002.p/088',
      'tile/0/002.p/0',
      '.tmp/1',
    ]) {
      source.files.set(name, bytes('left by a crash'));
    }
    expect((await fsck(source, trust)).problems).toEqual([]);
  });

  test('passes on what the source itself cannot do', async () => {
    const failing = { read: () => Promise.reject(new LedgerError('HF_LEDGER_IO', 'broken disk')) };
    await expectCode(() => fsck(failing, trust), 'HF_LEDGER_IO');
  });
});
