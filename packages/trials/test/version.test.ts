import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { trialsVersion } from '../src/version.ts';

test('the version of the trials is that of its package', () => {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  expect(trialsVersion).toBe(manifest.version);
});
