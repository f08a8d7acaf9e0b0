import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { offsetText, plain, shellWord, sizeText, timeText } from '../../src/scan/words.ts';

test.for([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1 kB'],
  [1449, '1.4 kB'],
  [97_000_000, '97 MB'],
  [99_960_000, '100 MB'],
  [999_600_000, '1 GB'],
  [537_000_000_000_000, '537 TB'],
] as const)('%i bytes are %s', ([bytes, text]) => {
  expect(sizeText(bytes)).toBe(text);
});

test.for([
  [0.04, '0.0 s'],
  [3.26, '3.3 s'],
  [59.97, '1 min 0 s'],
  [200, '3 min 20 s'],
  [119.7, '2 min 0 s'],
  [7260, '2 h 1 min'],
] as const)('%d seconds are %s', ([seconds, text]) => {
  expect(timeText(seconds)).toBe(text);
});

test('offsets can be read', () => {
  expect([7, 999, 1204, 1_234_567].map(offsetText)).toEqual(['7', '999', '1\u00a0204', '1\u00a0234\u00a0567']);
});

test('a name stays on its line, and reads from left to right', () => {
  expect(plain('a\nb\u001b[31m\u202ec')).toBe('a\u{FFFD}b\u{FFFD}[31m\u{FFFD}c');
});

test.for(['model.pt', "it's", 'a b', '-x', '$(touch y)', '模型', 'a\\b'])('a shell takes `%s` as it is', (word) => {
  expect(execFileSync('sh', ['-c', `printf %s ${shellWord(word)}`], { encoding: 'utf8' })).toBe(word);
});
