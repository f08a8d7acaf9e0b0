import { beforeAll, expect, test } from 'vitest';
import { copyOfDevice, killInstall, startable } from './install-kill.ts';
import { deviceWith, makeReleases, type Releases, update } from './install-scene.ts';

let scene: Releases;
let device: string;
beforeAll(async () => {
  scene = await makeReleases();
  device = await deviceWith(scene, scene.first);
}, 120_000);

test('of 200 installs that are killed, each leaves the old version or the new one', {
  timeout: 1_800_000,
}, async () => {
  const seen = new Map<string, number>();
  // Moments are spread over as long as an install takes here and now.
  const began = performance.now();
  expect(await killInstall(scene.second, copyOfDevice(device), 60_000)).toBe(true);
  const whole = performance.now() - began;
  for (let at = 0; at < 200; at++) {
    const folder = copyOfDevice(device);
    const isDone = await killInstall(scene.second, folder, (at / 200) * whole);
    const version = await startable(folder);
    expect(isDone ? [2] : [1, 2]).toContain(version);
    const what = `${String(version)} ${isDone ? 'ended' : 'killed'}`;
    seen.set(what, (seen.get(what) ?? 0) + 1);
    expect(await update(scene.second, folder)).toMatchObject({ version: 2 });
  }
  console.log(Object.fromEntries(seen));
  expect(seen.get('1 killed')).toBeGreaterThan(0);
  expect([...seen.keys()].some((what) => what.startsWith('2'))).toBe(true);
});
