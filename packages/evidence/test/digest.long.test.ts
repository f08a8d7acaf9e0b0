import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { digestArtifact } from '../src/digest/artifact.ts';
import { temporaryFolder } from './digest-peers.ts';

test('10 GiB in one file and 10,000 small ones: memory stays flat', { timeout: 300_000 }, async () => {
  const root = join(temporaryFolder(), 'model');
  mkdirSync(root);
  writeFileSync(join(root, 'large'), '');
  truncateSync(join(root, 'large'), 10 * 2 ** 30);
  for (let index = 0; index < 10_000; index += 1) writeFileSync(join(root, `${index}`), `${index}`);
  let most = 0;
  const before = process.memoryUsage().rss;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss - before);
  }, 50);
  const digest = await digestArtifact(root);
  clearInterval(watch);
  expect(digest.size).toBeGreaterThan(10 * 2 ** 30);
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThan(256 * 2 ** 20);
});
