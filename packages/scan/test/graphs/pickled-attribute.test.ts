import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { scanFile } from '../../src/scan-file.ts';

const file = (name: string): string => fileURLToPath(new URL(`./files/${name}`, import.meta.url));

test('an attribute that unpickling would run does not pass', async () => {
  const { verdict, left } = await scanFile(file('pickled-attribute.hdf5'));
  expect(verdict).toBe('unknown');
  expect(left.map(({ reason }) => reason).join()).toContain('is a pickle');
});

test('an attribute that is a name passes', async () => {
  expect(await scanFile(file('named-attribute.hdf5'))).toMatchObject({ verdict: 'pass', findings: [], left: [] });
});
