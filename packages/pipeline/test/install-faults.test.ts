import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@holdfast/testkit';
import { beforeAll, expect, test } from 'vitest';
import { copyOfDevice, killInstall, startable } from './install-kill.ts';
import { current, deviceWith, makeReleases, type Releases, update } from './install-scene.ts';

let scene: Releases;
let device: string;
beforeAll(async () => {
  scene = await makeReleases();
  device = await deviceWith(scene, scene.first);
}, 120_000);

test('an install that is killed at any moment leaves the old version or the new one', {
  timeout: 120_000,
}, async () => {
  for (const ms of [20, 60, 110]) {
    const folder = copyOfDevice(device);
    const isDone = await killInstall(scene.second, folder, ms);
    const version = await startable(folder);
    expect(isDone ? [2] : [1, 2]).toContain(version);
    expect(await update(scene.second, folder)).toMatchObject({ version: 2, isUnchanged: version === 2 });
    expect(await startable(folder)).toBe(2);
    // What the kill left behind is gone.
    expect(readdirSync(join(folder, 'versions'))).toHaveLength(2);
    expect(readdirSync(folder).filter((name) => name.startsWith('.') && name !== '.lock')).toEqual([]);
  }
});

test('a disk that fills up at any page leaves the old version, and with space it goes on', {
  timeout: 120_000,
}, async (ctx) => {
  const folder = join(temporaryFolder(), 'device');
  mkdirSync(folder);
  const options = ['-t', 'tmpfs', '-o', 'size=1m,mode=700', 'tmpfs', folder];
  const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
  if (!isRoot || spawnSync('mount', options).status !== 0) {
    if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error('needs root, to mount a small file system');
    ctx.skip('needs root');
  }
  try {
    cpSync(device, folder, { recursive: true, verbatimSymlinks: true });
    const before = current(folder);
    const filling = join(folder, 'filling');
    let refused = 0;
    for (let pages = 0; ; pages += 3) {
      const { bavail, bsize } = statfsSync(folder);
      writeFileSync(filling, Buffer.alloc(Math.max(0, bavail - pages) * bsize));
      const outcome = await update(scene.second, folder).catch((error: unknown) => error);
      rmSync(filling);
      if (!(outcome instanceof Error)) break;
      expect(outcome).toMatchObject({ code: 'HF_INSTALL_DISK_FULL', exit: 3 });
      expect([current(folder), await startable(folder)]).toEqual([before, 1]);
      refused += 1;
    }
    expect(refused).toBeGreaterThan(3);
    expect(await startable(folder)).toBe(2);
  } finally {
    spawnSync('umount', [folder]);
  }
});
