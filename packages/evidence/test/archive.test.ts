import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { nodeCryptography, openLedgerReader } from '@holdfast/ledger';
import fc from 'fast-check';
import { type Header, pack } from 'tar-stream';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Archive, type ArchiveContent, openArchive, writeArchive } from '../src/archive.ts';
import { EvidenceError } from '../src/errors.ts';
import { verifyLedger } from '../src/view.ts';
import { hasCommand, needs } from './digest-peers.ts';
import { approval, errorOf, expectCode, openScene, person, type Scene, sceneFolder, withdrawal } from './scene.ts';

const ann = person('ann', ['approver']);
let scene: Scene;
let folder: string;
let file: string;
let content: ArchiveContent;
let whole: Buffer;

async function* ledgerFiles(): AsyncGenerator<{ path: string; bytes: Uint8Array }> {
  for (const [path, bytes] of scene.tiles().files) yield await Promise.resolve({ path, bytes });
}

beforeAll(async () => {
  scene = await openScene([ann], { postQuantum: true });
  const ids = [await scene.record(ann, approval()), await scene.record(ann, withdrawal())].map(({ id }) => id);
  folder = sceneFolder();
  file = join(folder, 'whole.holdfast');
  content = { origin: scene.ledger.origin, ledgerFiles: ledgerFiles(), ids, evidence: scene.store };
  await writeArchive(file, content);
  whole = readFileSync(file);
});

async function viewOf(archive: Archive) {
  const { origin, verifierKeys } = scene.trust.ledgers[0]!;
  const reader = await openLedgerReader(archive.tiles, { origin, verifierKeys, requireAll: true });
  return verifyLedger(reader, archive.evidence, scene.trust, nodeCryptography);
}

const open = (bytes: Uint8Array, name = 'changed.holdfast'): Promise<Archive> => {
  writeFileSync(join(folder, name), bytes);
  return openArchive(join(folder, name));
};

type Entry = Partial<Header> & { readonly name: string; readonly bytes?: string };

/** Another tar of the same files, and of some more. */
async function packed(entries: readonly Entry[]): Promise<Buffer> {
  const tar = pack();
  for (const { bytes = '', ...header } of entries) tar.entry({ mtime: new Date(0), ...header }, bytes);
  tar.finalize();
  return buffer(Readable.from(tar));
}

const manifest = (change: object = {}): Entry => ({
  name: 'holdfast-archive.json',
  bytes: `${JSON.stringify({ format: 1, origin: scene.ledger.origin, evidence: 0, ...change })}\n`,
});

describe('an archive', () => {
  test('holds a ledger and its evidence, and verifies without anything else', async () => {
    const archive = await openArchive(file);
    expect([archive.origin, archive.evidenceCount]).toEqual([scene.ledger.origin, 2]);
    expect((await archive.evidence.list()).toSorted()).toEqual(content.ids.toSorted());
    const view = await viewOf(archive);
    expect(view.evidence).toEqual((await scene.view()).evidence);
    expect([view.broken, view.ignored]).toEqual([[], []]);
    await expectCode(() => archive.evidence.get('ab'.repeat(32)), 'HF_EVIDENCE_NOT_FOUND');
    expect(await archive.tiles.read('tile/9/000')).toBeUndefined();
    expect(await archive.tiles.read('../holdfast-archive.json')).toBeUndefined();
  });

  test('is the same for the same ledger', async () => {
    const again = join(folder, 'again.holdfast');
    expect(await writeArchive(again, { ...content, ledgerFiles: ledgerFiles() })).toBe(2);
    expect(readFileSync(again).equals(whole)).toBe(true);
  });

  test('is a tar that tar lists', (context) => {
    if (!hasCommand('tar')) needs(context, 'tar');
    const listed = execFileSync('tar', ['-tf', file], { encoding: 'utf8' }).trim().split('\n');
    expect(listed.slice(0, 2)).toEqual(['holdfast-archive.json', 'ledger/checkpoint']);
    expect(listed.slice(-2)).toEqual(content.ids.map((id) => `evidence/${id}.json`));
  });

  test('cut short anywhere is refused', async () => {
    for (let length = 0; length < whole.length; length += 512) {
      await expectCode(() => open(whole.subarray(0, length)), 'HF_ARCHIVE_FORMAT');
    }
    for (const length of [1, 511, 513, whole.length - 1]) {
      await expectCode(() => open(whole.subarray(0, length)), 'HF_ARCHIVE_FORMAT');
    }
  });

  test('with something behind it is refused', async () => {
    for (const length of [1, 512, 1024]) {
      await expectCode(() => open(Buffer.concat([whole, Buffer.alloc(length)])), 'HF_ARCHIVE_FORMAT');
    }
    await expectCode(() => open(Buffer.concat([whole, whole])), 'HF_ARCHIVE_FORMAT');
  });

  test.each<[string, () => Entry[]]>([
    ['nothing', () => []],
    ['no manifest', () => [{ name: 'ledger/checkpoint' }]],
    ['its manifest behind the rest', () => [{ name: 'ledger/checkpoint' }, manifest()]],
    ['a manifest that is no JSON', () => [{ name: 'holdfast-archive.json', bytes: 'x' }]],
    ['a manifest that is null', () => [{ name: 'holdfast-archive.json', bytes: 'null' }]],
    ['a manifest of another version', () => [manifest({ format: 2 })]],
    ['a manifest without an origin', () => [manifest({ origin: 1 })]],
    ['a manifest that counts more', () => [manifest({ evidence: 1 })]],
    ['evidence that is not counted', () => [manifest(), { name: `evidence/${'ab'.repeat(32)}.json` }]],
    ['a file that has no place in it', () => [manifest(), { name: 'evidence/README' }]],
    ['a file outside', () => [manifest(), { name: '../ledger/checkpoint' }]],
    ['an absolute file', () => [manifest(), { name: '/ledger/checkpoint' }]],
    ['a file in disguise', () => [manifest(), { name: 'ledger/tile/../checkpoint' }]],
    ['a file of another ledger’s', () => [manifest(), { name: 'ledger/tile/0/000.p/1/checkpoint' }]],
    ['one name twice', () => [manifest(), { name: 'ledger/checkpoint' }, { name: 'ledger/checkpoint' }]],
    ['two manifests', () => [manifest(), manifest()]],
    ['a symbolic link', () => [manifest(), { name: 'ledger/checkpoint', type: 'symlink', linkname: '/etc/passwd' }]],
    ['a hard link', () => [manifest(), { name: 'ledger/checkpoint', type: 'link', linkname: 'x' }]],
    ['a folder', () => [manifest(), { name: 'ledger', type: 'directory' }]],
    ['a device', () => [manifest(), { name: 'ledger/checkpoint', type: 'character-device' }]],
    ['an extended header', () => [{ ...manifest(), pax: { comment: 'x' } }]],
    [
      'a name in an extended header',
      () => [manifest(), { name: 'ledger/checkpoint', pax: { path: `ledger/tile/0/${'x000/'.repeat(40)}000` } }],
    ],
  ])('with %s is refused', async (_, entries) => {
    const bytes = await packed(entries());
    await expectCode(() => open(bytes), 'HF_ARCHIVE_FORMAT');
  });

  test('whose header promises more than 64 MiB is refused before that is read', async () => {
    const bytes = await packed([manifest(), { name: 'ledger/checkpoint', bytes: 'x' }]);
    const header = bytes.indexOf('ledger/checkpoint');
    bytes.write('00700000000', header + 124); // 7 * 8^8 = 117,440,512 bytes
    bytes.fill(' ', header + 148, header + 156);
    const sum = bytes.subarray(header, header + 512).reduce((total, byte) => total + byte, 0);
    bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, header + 148);
    const error = await errorOf(() => open(bytes));
    expect(error).toMatchObject({ code: 'HF_ARCHIVE_FORMAT', exit: 3 });
    expect(error.message).toMatch('`ledger/checkpoint` cannot be in it');
  });

  test.each([
    ['that is not there', () => join(folder, 'nowhere.holdfast')],
    ['that is a folder', () => folder],
  ])('%s is refused', async (_, path) => {
    await expectCode(() => openArchive(path()), 'HF_ARCHIVE_FORMAT');
  });

  test('that is no tar is refused', async () => {
    await expectCode(() => open(Buffer.alloc(1024)), 'HF_ARCHIVE_FORMAT');
    await expectCode(() => open(Buffer.from('x'.repeat(4096))), 'HF_ARCHIVE_FORMAT');
    await expectCode(() => open(Buffer.from([0x1f, 0x8b, ...Array<number>(600).fill(0)])), 'HF_ARCHIVE_FORMAT');
  });

  test('in which a byte was changed is refused, or says the same', async () => {
    const { evidence } = await scene.view();
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const bytes = Buffer.from(whole);
        bytes[at]! ^= change;
        try {
          const view = await viewOf(await open(bytes));
          if (view.broken.length === 0) expect(view.evidence).toEqual(evidence);
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^HF_(ARCHIVE|LEDGER)_/) as string });
        }
      }),
      { numRuns: 300 },
    );
  });

  test('that was mangled is refused or opened, and nothing else', async () => {
    const mutation = fc.tuple(fc.nat(whole.length - 1), fc.uint8Array({ maxLength: 600 }), fc.nat(600));
    await fc.assert(
      fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 3 }), async (mutations) => {
        let bytes = whole;
        for (const [at, inserted, removed] of mutations) {
          bytes = Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at + removed)]);
        }
        await open(bytes).catch((error: unknown) => {
          expect(error).toBeInstanceOf(EvidenceError);
        });
      }),
      { numRuns: 200 },
    );
  });
});

describe('an archive that cannot be written leaves nothing behind', () => {
  test('for want of evidence', async () => {
    const target = join(sceneFolder(), 'x.holdfast');
    const missing = { ...content, ledgerFiles: ledgerFiles(), ids: ['ab'.repeat(32)] };
    await expectCode(() => writeArchive(target, missing), 'HF_EVIDENCE_NOT_FOUND');
    expect(readdirSync(join(target, '..'))).toEqual([]);
  });

  test('for want of space', async (context) => {
    if (!existsSync('/dev/full')) needs(context, '/dev/full');
    const target = join(sceneFolder(), 'x.holdfast');
    symlinkSync('/dev/full', `${target}.partial`);
    await expectCode(() => writeArchive(target, { ...content, ledgerFiles: ledgerFiles() }), 'HF_STORE_DISK_FULL');
    expect(readdirSync(join(target, '..'))).toEqual([]);
  });

  test('for want of a folder', async () => {
    const target = join(folder, 'nowhere', 'x.holdfast');
    await expect(writeArchive(target, { ...content, ledgerFiles: ledgerFiles() })).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });

  test('and what was there before stays', async () => {
    const target = join(sceneFolder(), 'x.holdfast');
    writeFileSync(target, 'before');
    const missing = { ...content, ledgerFiles: ledgerFiles(), ids: ['ab'.repeat(32)] };
    await expectCode(() => writeArchive(target, missing), 'HF_EVIDENCE_NOT_FOUND');
    expect(readFileSync(target, 'utf8')).toBe('before');
  });
});
