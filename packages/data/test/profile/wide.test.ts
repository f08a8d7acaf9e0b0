import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { findings } from '../../src/profile/findings.ts';
import { rowDigest } from '../../src/profile/row-digest.ts';
import { profileOfText, withTables } from './scene.ts';

test('the digest of rows of many columns is that of their texts, whole numbers and gaps included', async () => {
  const places = Array.from({ length: 501 }, (_, index) => index);
  const texts = [0, 1, 2].map((row) => places.map((index) => (index % 7 === row ? '' : `${index * (row + 1)}`)));
  // a row of a value too many is left out: the digest is of the rows that were taken
  const lines = [places.map((index) => `c${index}`), texts[0] ?? [], [...places, 'x'].map(String), ...texts.slice(1)];
  const hash = (...parts: (string | Buffer)[]): Buffer =>
    parts.reduce((all, part) => all.update(part), createHash('sha256')).digest();
  const [a, b, c] = texts.map((values) =>
    hash('\u0000', values.map((text) => (text === '' ? '-' : `${text.length}:${text}`)).join(',')),
  ) as [Buffer, Buffer, Buffer];
  const root = hash('\u0001', hash('\u0001', a, b), c).toString('hex');
  await withTables([lines.map((line) => line.join(',')).join('\n')], async (tables) => {
    expect(await rowDigest(tables)).toMatchObject({ tree: { root, rows: 3 }, duplicates: 0 });
  });
});

test('a profile of many columns has them all in their order, and says which columns of numbers are correlated', async () => {
  const numbers = Array.from({ length: 66 }, (_, index) => index);
  const empty = Array.from({ length: 140 }, () => '');
  const line = (of: (index: number) => string, rest: (index: number) => string): string =>
    [...numbers.map(of), ...empty.map((_, index) => rest(index))].join(',');
  const rows = [1, 2, 3].map((row) =>
    line(
      (index) => String(row * index),
      () => '',
    ),
  );
  const text = [
    line(
      (index) => `n${index}`,
      (index) => `e${index}`,
    ),
    ...rows,
  ].join('\n');
  const profile = await profileOfText(text, { digest: false, top: 0 });
  expect(profile.columns.map(({ name }) => name).join(',')).toBe(text.split('\n')[0]);
  expect([profile.columns[65]?.numbers?.mean, profile.columns[205]?.missing, profile.missing]).toEqual([130, 3, 420]);
  expect(profile.correlations?.columns).toHaveLength(64);
  expect(profile.correlations?.matrix[63]?.[1]).toBeCloseTo(1, 9);
  expect(findings(profile, []).find(({ rule }) => rule === 'data.profile.uncorrelated')?.message).toBe(
    'the first 64 of 66 columns of numbers are held against each other',
  );
});
