import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { scannerVersion } from '../src/version.ts';

test('the version of the scanner is that of its package', () => {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  expect(scannerVersion).toBe(manifest.version);
});
