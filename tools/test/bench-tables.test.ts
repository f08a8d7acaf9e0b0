import { expect, test } from 'vitest';
import { benchTables, betweenMarkers } from '../bench-tables.ts';

test('rows with other columns start another table; numbers stand to the right', () => {
  const rows = [
    { what: 'a | b', ms: 1234.5 },
    { what: 'c', ms: 0.12345 },
    { batch: 16, ratio: 0.5, goal: '' },
  ];
  expect(benchTables({ name: 'kelp', rows }).split('\n')).toEqual([
    '### kelp',
    '',
    '| what | ms |',
    '|---|---:|',
    '| a \\| b | 1,235 |',
    '| c | 0.123 |',
    '',
    '| batch | ratio | goal |',
    '|---:|---:|---:|',
    '| 16 | 0.5 |  |',
  ]);
});

test('replaces only what stands between the markers', () => {
  const page = 'before\n<!-- bench:begin -->\nold\n<!-- bench:end -->\nafter\n';
  const written = betweenMarkers(page, 'new');
  expect(written).toBe('before\n<!-- bench:begin -->\n\nnew\n\n<!-- bench:end -->\nafter\n');
  expect(betweenMarkers(written, 'new')).toBe(written);
  expect(() => betweenMarkers('<!-- bench:end --><!-- bench:begin -->', 'new')).toThrow('bench:begin');
});
