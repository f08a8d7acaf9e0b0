import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createLedger,
  ed25519Signer,
  folderSource,
  fsck,
  type Ledger,
  LedgerError,
  ledgerErrors,
  mlDsa44Cosigner,
  nodeCryptography,
  openLedger,
  openLedgerReader,
} from '../src/index.ts';
import { LedgerWriter } from '../src/ledger-writer.ts';
import { verifyInclusion } from '../src/verify/index.ts';
import {
  base64,
  bytes,
  cosigner,
  errorOf,
  expectCode,
  leaf,
  logSigner,
  mth,
  numbered,
  origin,
  signers,
  temporaryFolder,
  trust,
} from './scene.ts';

async function emptyLedger(folder = temporaryFolder()): Promise<Ledger> {
  return await createLedger(folder, { origin, signers });
}

describe('creating', () => {
  test('leaves a signed checkpoint of the empty tree', async () => {
    const folder = join(temporaryFolder(), 'a', 'b');
    const ledger = await emptyLedger(folder);
    expect(ledger.size).toBe(0);
    expect(ledger.checkpoint.text).toMatch(
      /^credit-risk\.example\n0\n47DEQpj8HBSa\+\/TImW\+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— credit-risk\.example \S+\n— credit-risk\.example \S+\n$/,
    );
    expect(ledger.checkpoint.signatures.map(({ key }) => key.type)).toEqual([1, 6]);
    await ledger.close();
    const reader = await openLedgerReader(folderSource(folder), trust);
    expect(reader.checkpoint.size).toBe(0);
    expect(await reader.leafHashes()).toEqual([]);
  });

  test('where a ledger is already is refused', async () => {
    const folder = temporaryFolder();
    await (await emptyLedger(folder)).close();
    await expectCode(() => emptyLedger(folder), 'HF_LEDGER_EXISTS');
  });

  test('needs an Ed25519 signer in the name of the origin', async () => {
    const folder = temporaryFolder();
    const code = 'HF_LEDGER_SIGNER';
    await expectCode(() => createLedger(folder, { origin, signers: [] }), code);
    await expectCode(() => createLedger(folder, { origin, signers: [cosigner] }), code);
    await expectCode(() => createLedger(folder, { origin: 'other.example', signers }), code);
    await expectCode(() => openLedger(folder, { signers: [] }), code);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('where a file is in the way is an error of the system', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    await expectCode(() => emptyLedger(join(file, 'ledger')), 'HF_LEDGER_IO');
  });
});

describe('opening', () => {
  test('where no ledger is leaves nothing behind', async () => {
    const folder = temporaryFolder();
    await expectCode(() => openLedger(folder, { signers }), 'HF_LEDGER_NOT_FOUND');
    await expectCode(() => openLedger(join(folder, 'missing'), { signers }), 'HF_LEDGER_NOT_FOUND');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('goes on where the last one ended', async () => {
    const folder = temporaryFolder();
    const first = await emptyLedger(folder);
    await first.append(numbered(0, 300));
    await first.close();
    const second = await openLedger(folder, { signers });
    expect(second.size).toBe(300);
    expect(await second.append(numbered(299, 301))).toEqual([
      { index: 299, duplicate: true },
      { index: 300, duplicate: false },
    ]);
    expect(base64(second.checkpoint.rootHash)).toBe(base64(mth(numbered(0, 301))));
    await second.close();
  });

  test('with another key is refused, unless the old one is still accepted', async () => {
    const folder = temporaryFolder();
    const first = await emptyLedger(folder);
    await first.append(numbered(0, 3));
    await first.close();
    const rotated = ed25519Signer(origin, generateKeyPairSync('ed25519').privateKey);
    await expectCode(() => openLedger(folder, { signers: [rotated] }), 'HF_LEDGER_SIGNATURE_MISSING');
    const second = await openLedger(folder, { signers: [rotated], verifierKeys: [logSigner.verifierKey] });
    await second.append(numbered(3, 4));
    await second.close();
    const reader = await openLedgerReader(folderSource(folder), { origin, verifierKeys: [rotated.verifierKey] });
    expect(reader.checkpoint.size).toBe(4);
  });

  test('by hand, without open, is not possible', async () => {
    const writer = new LedgerWriter(temporaryFolder(), { signers });
    expect((await errorOf(() => writer.size)).code).toBe('HF_LEDGER_CLOSED');
    await writer.close();
  });
});

describe('appending', () => {
  test('gives every size up to 300 the root of RFC 9162', async () => {
    const folder = temporaryFolder();
    const ledger = await createLedger(folder, { origin, signers: [logSigner] });
    const entries = numbered(0, 300);
    for (let size = 0; size < 300; size += 1 + (size % 7)) {
      await ledger.append(entries.slice(ledger.size, size + 1));
      expect(base64(ledger.checkpoint.rootHash)).toBe(base64(mth(entries.slice(0, size + 1))));
    }
    await ledger.close();
  });

  test('logs equal bytes once, also within one append and across appends', async () => {
    const ledger = await emptyLedger();
    const [a, b, c] = [bytes('a'), bytes('b'), bytes('c')];
    expect(await ledger.append([a, b, a])).toEqual([
      { index: 0, duplicate: false },
      { index: 1, duplicate: false },
      { index: 0, duplicate: true },
    ]);
    const before = ledger.checkpoint.text;
    expect(await ledger.append([b])).toEqual([{ index: 1, duplicate: true }]);
    expect(ledger.checkpoint.text).toBe(before);
    const [first, second] = await Promise.all([ledger.append([c]), ledger.append([c, a])]);
    expect([first, second]).toEqual([
      [{ index: 2, duplicate: false }],
      [
        { index: 2, duplicate: true },
        { index: 0, duplicate: true },
      ],
    ]);
    expect(ledger.size).toBe(3);
    await ledger.close();
  });

  test('finds a duplicate in a tile that is long full', async () => {
    const ledger = await emptyLedger();
    await ledger.append(numbered(0, 1000));
    expect(await ledger.append([bytes('entry 3'), bytes('entry 700')])).toEqual([
      { index: 3, duplicate: true },
      { index: 700, duplicate: true },
    ]);
    await ledger.close();
  });

  test('at the same time shares one batch', async () => {
    const folder = temporaryFolder();
    const ledger = await emptyLedger(folder);
    const appended = await Promise.all(numbered(0, 200).map((entry) => ledger.append([entry])));
    expect(appended.map(([one]) => one?.index)).toEqual(Array.from({ length: 200 }, (_, at) => at));
    // One checkpoint was written for all of them, so there is one partial tile.
    expect(readdirSync(join(folder, 'tile/0/000.p'))).toEqual(['200']);
    await ledger.close();
  });

  test('more than a shared batch holds, at the same time, goes through', async () => {
    const ledger = await createLedger(temporaryFolder(), { origin, signers: [logSigner] });
    const parts = Array.from({ length: 5 }, (_, at) => numbered(at * 2000, (at + 1) * 2000));
    const appended = await Promise.all(parts.map((part) => ledger.append(part)));
    expect(appended.flat().map(({ index }) => index)).toEqual(Array.from({ length: 10_000 }, (_, at) => at));
    await ledger.close();
  });

  test('is conditional on the size where one is given', async () => {
    const ledger = await emptyLedger();
    await ledger.append([bytes('a')], { expectedSize: 0 });
    await expectCode(() => ledger.append([bytes('b')], { expectedSize: 0 }), 'HF_LEDGER_SIZE_CHANGED');
    const results = await Promise.allSettled([
      ledger.append([bytes('c')], { expectedSize: 1 }),
      ledger.append([bytes('d')], { expectedSize: 1 }),
      ledger.append([bytes('e')], { expectedSize: 2 }),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(ledger.size).toBe(3);
    for (const expectedSize of [-1, 0.5, Number.NaN]) {
      await expectCode(() => ledger.append([], { expectedSize }), 'HF_LEDGER_RANGE');
    }
    expect(await ledger.append([], { expectedSize: 3 })).toEqual([]);
    await expectCode(() => ledger.append([], { expectedSize: 4 }), 'HF_LEDGER_SIZE_CHANGED');
    await ledger.close();
  });

  test('takes entries of 0 to 65535 bytes', async () => {
    const folder = temporaryFolder();
    const ledger = await emptyLedger(folder);
    const longest = new Uint8Array(65_535).fill(7);
    await ledger.append([new Uint8Array(), longest]);
    await expectCode(() => ledger.append([new Uint8Array(65_536)]), 'HF_LEDGER_ENTRY_TOO_LARGE');
    await expectCode(() => ledger.append(new Array<Uint8Array>(65_537).fill(longest)), 'HF_LEDGER_BATCH_TOO_LARGE');
    await expectCode(() => ledger.append(new Array<Uint8Array>(5000).fill(longest)), 'HF_LEDGER_BATCH_TOO_LARGE');
    expect(ledger.size).toBe(2);
    await ledger.close();
    const reader = await openLedgerReader(folderSource(folder), trust);
    expect((await reader.entry(0)).length).toBe(0);
    expect(base64(await reader.entry(1))).toBe(base64(longest));
  });

  test('takes the bytes as they are at the time of the call', async () => {
    const ledger = await emptyLedger();
    const buffer = Buffer.from('before');
    const appended = ledger.append([buffer]);
    buffer.fill('x');
    await appended;
    expect(base64(await ledger.entry(0))).toBe(base64(bytes('before')));
    await ledger.close();
  });

  test('to a closed ledger is refused; what came before is finished', async () => {
    const folder = temporaryFolder();
    const ledger = await emptyLedger(folder);
    const pending = ledger.append([bytes('a')]);
    await ledger.close();
    expect(await pending).toEqual([{ index: 0, duplicate: false }]);
    await expectCode(() => ledger.append([bytes('b')]), 'HF_LEDGER_CLOSED');
    expect((await fsck(folderSource(folder), trust)).size).toBe(1);
  });

  test('in any groups gives the same tree', async () => {
    const groups = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(groups, async (sizes) => {
        const folder = temporaryFolder();
        const ledger = await createLedger(folder, { origin, signers: [logSigner] });
        for (const size of sizes) await ledger.append(numbered(ledger.size, ledger.size + size));
        await ledger.close();
        expect(base64(ledger.checkpoint.rootHash)).toBe(base64(mth(numbered(0, ledger.size))));
        const { problems } = await fsck(folderSource(folder), { origin, verifierKeys: [logSigner.verifierKey] });
        expect(problems).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });

  test('removes the partial tiles of a tile that has become full', async () => {
    const folder = temporaryFolder();
    const ledger = await emptyLedger(folder);
    await ledger.append(numbered(0, 255));
    expect(existsSync(join(folder, 'tile/0/000.p/255'))).toBe(true);
    await ledger.append(numbered(255, 256));
    expect(readdirSync(join(folder, 'tile/0'))).toEqual(['000']);
    expect(readdirSync(join(folder, 'tile/entries'))).toEqual(['000']);
    expect(readdirSync(join(folder, 'tile/1/000.p'))).toEqual(['1']);
    await ledger.close();
  });
});

describe('proving', () => {
  test('what was appended, at the newest checkpoint', async () => {
    const ledger = await emptyLedger();
    for (const [from, to] of [
      [0, 5],
      [5, 260],
    ] as const) {
      await ledger.append(numbered(from, to));
      for (let index = from; index < to; index += 17) {
        const { checkpoint, hashes } = await ledger.prove(index);
        expect(checkpoint.size).toBe(to);
        const leafHash = leaf(bytes(`entry ${index}`));
        verifyInclusion({ leafHash, index, ...checkpoint, proof: hashes }, nodeCryptography);
      }
    }
    await expectCode(() => ledger.prove(260), 'HF_LEDGER_RANGE');
    await expectCode(() => ledger.entry(260), 'HF_LEDGER_RANGE');
    await ledger.close();
  });
});

describe('the clock', () => {
  test('that goes back a little repeats the newest time, and far back stops the ledger', async () => {
    let now = 1_800_000_000;
    const key = generateKeyPairSync('ml-dsa-44').privateKey;
    const timed = [logSigner, mlDsa44Cosigner('w.example', key, { now: () => now })];
    const ledger = await createLedger(temporaryFolder(), { origin, signers: timed });
    const newest = (): number | undefined => ledger.checkpoint.signatures.at(-1)?.timestamp;
    now -= 100;
    await ledger.append([bytes('a')]);
    expect(newest()).toBe(1_800_000_000);
    now -= 1000;
    await expectCode(() => ledger.append([bytes('b')]), 'HF_LEDGER_CLOCK');
    expect(ledger.size).toBe(1);
    now += 2000;
    expect(await ledger.append([bytes('b')])).toEqual([{ index: 1, duplicate: false }]);
    expect(newest()).toBe(now);
    await ledger.close();
  });
});

describe('several writers', () => {
  test('of one process see each other', async () => {
    const folder = temporaryFolder();
    const a = await emptyLedger(folder);
    const b = await openLedger(folder, { signers });
    const entries = numbered(0, 60);
    await Promise.all(entries.map((entry, at) => (at % 2 === 0 ? a : b).append([entry, bytes('shared')])));
    expect(Math.max(a.size, b.size)).toBe(61);
    await a.append([bytes('last of a')]);
    expect(await b.append([bytes('last of a')])).toEqual([{ index: 61, duplicate: true }]);
    expect((await fsck(folderSource(folder), trust)).problems).toEqual([]);
    await a.close();
    await b.close();
  });
});

test('errors carry what their registry says', () => {
  const error = new LedgerError('HF_LEDGER_FORK', 'message', { where: 'checkpoint', cause: 'x' });
  const { name, code, exit, fix, where, cause } = error;
  expect({ name, code, exit, fix, where, cause }).toEqual({
    name: 'LedgerError',
    code: 'HF_LEDGER_FORK',
    exit: 1,
    fix: ledgerErrors.HF_LEDGER_FORK.fix,
    where: 'checkpoint',
    cause: 'x',
  });
  expect(new LedgerError('HF_LEDGER_IO', 'message', { fix: 'another' }).fix).toBe('another');
});
