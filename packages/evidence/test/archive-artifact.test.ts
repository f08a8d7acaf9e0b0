import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type Header, pack } from 'tar-stream';
import { beforeAll, describe, expect, test } from 'vitest';
import { openArchive, writeArchive } from '../src/archive.ts';
import { readArtifact } from '../src/archive-artifact.ts';
import { approval, expectCode, openScene, person, type Scene, sceneFolder } from './scene.ts';

const ann = person('ann', ['approver']);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
let scene: Scene;
let folder: string;

beforeAll(async () => {
  scene = await openScene([ann]);
  folder = sceneFolder();
  await scene.record(ann, approval());
});

const contentOf = (artifact: { path: string; sha256: string; size: number }[]) => ({
  origin: scene.ledger.origin,
  ledgerFiles: (async function* () {
    for (const [path, bytes] of scene.tiles().files) yield await Promise.resolve({ path, bytes });
  })(),
  ids: [],
  evidence: scene.store,
  artifact,
});

function fileOf(name: string, text: string): { path: string; sha256: string; size: number } {
  const path = join(folder, name);
  writeFileSync(path, text);
  return { path, sha256: sha256(text), size: text.length };
}

type Entry = Partial<Header> & { readonly name: string; readonly bytes?: string };

async function archiveWith(entries: readonly Entry[]): Promise<string> {
  const tar = pack();
  for (const { bytes = '', ...header } of entries) tar.entry({ mtime: new Date(0), ...header }, bytes);
  tar.finalize();
  const file = join(folder, 'changed.holdfast');
  writeFileSync(file, await buffer(Readable.from(tar)));
  return file;
}

const manifest = (): Entry => ({
  name: 'holdfast-archive.json',
  bytes: `${JSON.stringify({ format: 1, origin: scene.ledger.origin, evidence: 0 })}\n`,
});
const held = (bytes: string): Entry => ({ name: `artifact/${sha256(bytes)}`, bytes });

describe('an archive with the bytes of an artifact', () => {
  test('holds each file once, and hands them out', async () => {
    const large = 'x'.repeat(1_000_000);
    const files = [fileOf('one', 'weights'), fileOf('same', 'weights'), fileOf('large', large), fileOf('empty', '')];
    const file = join(folder, 'with.holdfast');
    await writeArchive(file, contentOf(files));
    const archive = await openArchive(file);
    expect(Object.fromEntries(archive.artifact)).toEqual({
      [sha256('weights')]: 7,
      [sha256(large)]: 1_000_000,
      // FIPS 180-4: SHA-256 of nothing
      e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855: 0,
    });
    const taken = new Map<string, string>();
    await readArtifact(file, async (name, size, chunks) => {
      const bytes = await buffer(chunks());
      expect(bytes).toHaveLength(size);
      taken.set(name, bytes.toString());
    });
    expect(taken).toEqual(new Map(['weights', large, ''].map((text) => [sha256(text), text])));
  });

  test('gives the evidence alone, as if nothing had been with it', async () => {
    const [plain, file, alone] = ['plain', 'both', 'alone'].map((name) => join(folder, `${name}.holdfast`)) as [
      string,
      string,
      string,
    ];
    await writeArchive(plain, contentOf([]));
    await writeArchive(file, contentOf([fileOf('one', 'weights')]));
    await (await openArchive(file)).writeEvidence(alone);
    expect(readFileSync(alone).equals(readFileSync(plain))).toBe(true);
  });

  test.each([
    ['longer', 'weights and more'],
    ['shorter', 'w'],
    ['other', 'WEIGHTS'],
  ])('is not written when a file is %s than it was', async (_, text) => {
    const file = fileOf('changing', 'weights');
    writeFileSync(file.path, text);
    await expectCode(() => writeArchive(join(folder, 'x.holdfast'), contentOf([file])), 'HF_DIGEST_CHANGED');
  });

  test.each<[string, () => Entry[]]>([
    ['other bytes than it is called by', () => [manifest(), { ...held('weights'), bytes: 'evil' }]],
    ['bytes before the manifest', () => [held('weights'), manifest()]],
    ['evidence behind the bytes', () => [manifest(), held('weights'), { name: 'ledger/checkpoint', bytes: 'x' }]],
    ['one file twice', () => [manifest(), held('weights'), held('weights')]],
    ['a path', () => [manifest(), { name: 'artifact/../../etc/passwd', bytes: 'x' }]],
    ['a path behind a digest', () => [manifest(), { name: `artifact/${sha256('')}/../../x`, bytes: '' }]],
    ['a name in capital letters', () => [manifest(), { name: `artifact/${sha256('').toUpperCase()}` }]],
    ['an absolute path', () => [manifest(), { name: `/artifact/${sha256('')}` }]],
    [
      'a symbolic link',
      () => [manifest(), { name: `artifact/${sha256('')}`, type: 'symlink', linkname: '/etc/passwd' }],
    ],
    ['a hard link', () => [manifest(), { name: `artifact/${sha256('')}`, type: 'link', linkname: 'x' }]],
    ['a folder', () => [manifest(), { name: `artifact/${sha256('')}`, type: 'directory' }]],
    ['a device', () => [manifest(), { name: `artifact/${sha256('')}`, type: 'block-device' }]],
    ['a pipe', () => [manifest(), { name: `artifact/${sha256('')}`, type: 'fifo' }]],
    ['an extended header', () => [manifest(), { ...held('weights'), pax: { comment: 'x' } }]],
  ])('that holds %s is refused', async (_, entries) => {
    const file = await archiveWith(entries());
    await expectCode(() => openArchive(file), 'HF_ARCHIVE_FORMAT');
  });

  test('whose header promises a tebibyte is refused without taking one', async () => {
    const file = await archiveWith([manifest(), held('weights')]);
    const bytes = readFileSync(file);
    const header = bytes.indexOf('artifact/');
    // GNU tar: a size of more than eleven octal digits is binary, marked by 0x80.
    bytes.fill(0, header + 124, header + 136);
    bytes[header + 124] = 0x80;
    bytes[header + 130] = 1; // 256^5
    bytes.fill(' ', header + 148, header + 156);
    const sum = bytes.subarray(header, header + 512).reduce((total, byte) => total + byte, 0);
    bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, header + 148);
    writeFileSync(file, bytes);
    await expectCode(() => openArchive(file), 'HF_ARCHIVE_FORMAT');
  });

  test('cut short anywhere is refused', async () => {
    const bytes = readFileSync(await archiveWith([manifest(), held('weights'.repeat(500))]));
    for (let length = 0; length < bytes.length; length += 256) {
      const file = join(folder, 'cut.holdfast');
      writeFileSync(file, bytes.subarray(0, length));
      await expectCode(() => openArchive(file), 'HF_ARCHIVE_FORMAT');
    }
  });
});
