import { smallZip3 } from '@holdfast/data/mask/methods/zip3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellOf } from './mask-scene.ts';

describe('mask', () => {
  test.each([
    [{ keepLast: 4 }, '4000001234567899', '************7899'],
    [{ keepFirst: 1, with: '#' }, 'Ada', 'A##'],
    [{}, 'x', '*'],
    [{ keepFirst: 6, keepLast: 4, separators: ' ', least: 6 }, '4000 0012 3456 7899', '4000 00** **** 7899'],
    [{ keepLast: 2, isLengthHidden: true }, 'abcdefgh', '********gh'],
    [{ keepLast: 2, isLengthHidden: true, separators: '-' }, 'abc-def-gh', '********-gh'],
    [{ keepLast: 4 }, '1234567', '?too-short'],
    [{ keepLast: 4 }, '12345678', '****5678'],
    [{ keepLast: 4 }, '1234\u200b\u200b\u200b\u200b\u200b', '?too-short'],
    [{ keepLast: 2 }, 'ab\u202ecdef', '****ef'],
    [{ keepLast: 1 }, 'ae\u0301', '*e\u0301'],
    [{ keepLast: 1, least: 1 }, '👩🏽', '?too-short'],
    [{}, '', '?too-short'],
    [{}, ' \u200b ', '?too-short'],
  ])('%j of a text, %#', (plan, text, expected) => {
    expect(cellOf({ method: 'mask', ...plan }, text)).toBe(expected);
  });

  test('shows no character but those that are kept, of whatever code points they are', () => {
    const character = fc.constantFrom('a', 'é', 'e\u0301', '漢', '👩🏽', '🇫🇷', '7');
    const unseen = fc.constantFrom('', '\u200b', '\u202e', '\u0000', '\ufeff');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(character, unseen), { maxLength: 30 }),
        fc.nat(6),
        fc.nat(6),
        (given, keepFirst, keepLast) => {
          const seen = given.map(([each]) => each);
          const hidden = seen.length - keepFirst - keepLast;
          const expected =
            hidden < Math.max(1, keepFirst + keepLast)
              ? '?too-short'
              : [...seen.slice(0, keepFirst), '■'.repeat(hidden), ...seen.slice(keepFirst + hidden)].join('');
          expect(cellOf({ method: 'mask', keepFirst, keepLast, with: '■' }, given.flat().join(''))).toBe(expected);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('bins', () => {
  test.each([
    [{ width: 10 }, '64', '[60, 70['],
    [{ width: 10 }, '-1', '[-10, 0['],
    [{ width: 10 }, '60', '[60, 70['],
    [{ width: 10, from: 5 }, '64', '[55, 65['],
    [{ width: 10, above: 90 }, '90', '>= 90'],
    [{ width: 10, above: 95 }, '94.999', '[90, 95['],
    [{ width: 10, below: 18, above: 90 }, '17', '< 18'],
    [{ width: 10, below: 18, above: 90 }, '18', '[18, 20['],
    // in float64, 0.3 / 0.1 is 2.9999999999999996
    [{ width: 0.1 }, '0.3', '[0.3, 0.4['],
    [{ width: '0.1' }, '0.7', '[0.7, 0.8['],
    [{ width: 0.05 }, '1e-05', '[0, 0.05['],
    [{ width: 1000 }, '1e+16', '[10000000000000000, 10000000000001000['],
    [{ width: 10 }, '9007199254740993', '[9007199254740990, 9007199254741000['],
    [{ edges: [0, 18, 65] }, '64.5', '[18, 65['],
    [{ edges: [0, 18, 65] }, '-3', '< 0'],
    [{ edges: [0, 18, 65] }, '65', '>= 65'],
    [{ width: 10 }, 'inf', '?not-a-number'],
    [{ width: 10 }, '-inf', '?not-a-number'],
    [{ width: 10 }, 'nan', '?not-a-number'],
    [{ width: 10 }, '', '?not-a-number'],
    [{ width: 10 }, '12 apples', '?not-a-number'],
    [{ width: 10 }, '１２', '?not-a-number'],
    [{ width: 10 }, '1'.repeat(2 ** 20), '?not-a-number'],
  ])('%j of a number, %#', (plan, text, expected) => {
    expect(cellOf({ method: 'bins', ...plan }, text)).toBe(expected);
  });

  test('hold the number, and are as wide as was said', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }),
        fc.bigInt({ min: 1n, max: 10n ** 6n }),
        (value, width) => {
          const text = cellOf({ method: 'bins', width: String(width) }, String(value)) ?? '';
          const [, low = '', high = ''] = /^\[(-?\d+), (-?\d+)\[$/.exec(text) ?? [];
          expect(BigInt(high) - BigInt(low)).toBe(width);
          expect(BigInt(low) <= value && value < BigInt(high)).toBe(true);
          expect(BigInt(low) % width).toBe(0n);
        },
      ),
    );
  });
});

describe('period', () => {
  test.each([
    [{}, '1961-04-03', '1961'],
    [{ to: 'quarter' }, '1961-04-03', '1961-Q2'],
    [{ to: 'month' }, '1961-04-03 12:30:00', '1961-04'],
    [{ to: 'decade' }, '1969-12-31', '1960s'],
    [{ earliest: 1936 }, '1935-12-31', '< 1936'],
    [{ earliest: 1936 }, '1936-01-01', '1936'],
    [{ format: 'DD/MM/YYYY' }, '31/12/1999', '1999'],
    [{ format: 'MM/DD/YYYY' }, '31/12/1999', '?not-a-date'],
    [{ format: 'D.M.YYYY', to: 'month' }, '3.4.1961', '1961-04'],
    [{ format: 'YYYYMMDD' }, '20240229', '2024'],
    [{}, '2023-02-29', '?not-a-date'],
    [{}, '1900-02-29', '?not-a-date'],
    [{}, '2000-02-29', '2000'],
    [{}, '0000-01-01', '?not-a-date'],
    [{}, 'infinity', '?not-a-date'],
    [{}, '１９９９-01-01', '?not-a-date'],
    [{}, '1961-04-03 and more', '?not-a-date'],
    [{}, `1961-04-03${' '.repeat(2 ** 20)}x`, '?not-a-date'],
  ])('%j of a date, %#', (plan, text, expected) => {
    expect(cellOf({ method: 'period', ...plan }, text)).toBe(expected);
  });
});

describe('prefix, ZIP3 and hierarchies', () => {
  test.each([
    ['SW1A 1AA', 'SW1*'],
    ['SW1', '?too-short'],
    ['SW1\u200b', '?too-short'],
    ['SW1   ', '?too-short'],
    ['S\u202eW1A', 'SW1*'],
  ])('three characters of a text, %#', (text, expected) => {
    expect(cellOf({ method: 'prefix', characters: 3 }, text)).toBe(expected);
  });

  test.each([
    ['94110', 'text', '941'],
    ['94110-1234', 'text', '941'],
    ['03601', 'text', '000'],
    ['3601', 'integer', '000'],
    ['501', 'integer', '005'],
    ['3601', 'text', '?not-a-zip-code'],
    ['94110', 'integer', '941'],
    ['12', 'integer', '?not-a-zip-code'],
    ['SW1A', 'text', '?not-a-zip-code'],
    ['99999', 'text', '000'],
  ] as const)('%s as %s', (text, type, expected) => {
    expect(cellOf({ method: 'zip3', small: ['999'] }, text, { type })).toBe(expected);
  });

  test('the areas with few people are the seventeen of the guidance of the HHS', () => {
    expect([...smallZip3].sort().join(' ')).toBe('036 059 063 102 203 556 692 790 821 823 830 831 878 879 884 890 893');
  });

  test('values become what the hierarchy says on a level, and nothing else', () => {
    const hierarchies = '{"job":{"nurse":["health","any"],"teacher":["education","any"]}}';
    const of = (text: string, level = 1): string | null =>
      cellOf({ method: 'hierarchy', name: 'job', level }, text, { hierarchies });
    expect([of('nurse'), of('nurse', 2), of('pilot'), of('constructor'), of('__proto__')]).toEqual([
      'health',
      'any',
      ...new Array<string>(3).fill('?not-in-hierarchy'),
    ]);
    expect(() => of('nurse', 3)).toThrow('has 2 levels');
  });
});
