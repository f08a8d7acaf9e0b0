import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Scene } from './scene.ts';

const scene = new Scene('nothing', 'one');
afterAll(() => {
  scene.remove();
});

/** Moves `.holdfast` to a file system of one mebibyte; whether that could be done. */
function mount(folder: string): boolean {
  const own = join(folder, '.holdfast');
  renameSync(own, join(folder, '../holdfast'));
  mkdirSync(own);
  const options = ['-t', 'tmpfs', '-o', 'size=1m,mode=700', 'tmpfs', own];
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || spawnSync('mount', options).status !== 0)
    return false;
  cpSync(join(folder, '../holdfast'), own, { recursive: true, preserveTimestamps: true });
  return true;
}

/** Fills it up to the last page. */
function fill(folder: string): string {
  const file = join(folder, '.holdfast/filling');
  const { bavail, bsize } = statfsSync(folder + '/.holdfast');
  writeFileSync(file, Buffer.alloc(bavail * bsize));
  return file;
}

test('a full disk: nothing is half-written, and with space it goes on', { timeout: 90_000 }, async (ctx) => {
  const folder = await scene.project();
  if (!mount(folder)) {
    if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error('needs root, to mount a small file system');
    ctx.skip('needs root');
  }
  try {
    const filling = fill(folder);
    for (const command of ['holdfast approve model', 'holdfast gate model', 'holdfast run --force']) {
      const { stderr, stdout, status } = await scene.type(`${command} --json`, folder);
      expect(stderr).toBe('');
      expect(stdout, command).toMatch(/"code":"HF_[A-Z_]*DISK_FULL"/);
      expect(status, command).toBe(3);
    }
    rmSync(filling);
    expect((await scene.type('holdfast ledger fsck', folder)).stdout).toBe(
      '✓ 9 entries, every tile and the root recomputed from them\n',
    );
    expect((await scene.type('holdfast approve model && holdfast ledger verify', folder)).status).toBe(0);
  } finally {
    spawnSync('umount', [join(folder, '.holdfast')]);
  }
});
