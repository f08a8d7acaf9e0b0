import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mostRows, rowNumbers, rowsText } from '../../src/quarantine/row-numbers.ts';

test('rows are named one by one and as ranges, each once, in order', () => {
  expect(rowNumbers(['7', '2-4', '3', '4-5'], 10)).toEqual([2, 3, 4, 5, 7]);
  expect(rowNumbers(['10-10'], 10)).toEqual([10]);
});

test.each([
  ['11', 'there is no row `11`: the table has 10'],
  ['9-11', 'there is no row `11`'],
  ['4-3', 'the range `4-3` goes backwards'],
])('%s is refused', (text, message) => {
  expect(() => rowNumbers([text], 10)).toThrow(message);
});

test('a range of more rows than are set aside one by one is refused before it is counted', () => {
  expect(() => rowNumbers([`1-${mostRows + 1}`], Number.MAX_SAFE_INTEGER)).toThrow('more than');
  expect(() => rowNumbers([`1-${Number.MAX_SAFE_INTEGER}`], Number.MAX_SAFE_INTEGER)).toThrow('more than');
  expect(rowNumbers([`1-${mostRows}`], mostRows)).toHaveLength(mostRows);
});

test('what people read names the same rows', () => {
  expect(rowsText([3, 17, 18, 19])).toBe('3, 17–19');
  expect(rowsText([1, 3, 5, 7], 2)).toBe('1, 3 and 2 more');
  const rows = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(rows, (some) => {
      const sorted = some.toSorted((a, b) => a - b);
      const texts = rowsText(sorted, 100).replaceAll('–', '-').split(', ');
      expect(rowNumbers(texts, 60)).toEqual(sorted);
    }),
  );
});
