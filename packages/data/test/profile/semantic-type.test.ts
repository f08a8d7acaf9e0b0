import { describe, expect, test } from 'vitest';
import { columnNamed, profileOfText } from './scene.ts';

const count = 60;
const hex = (at: number, digits: number): string => (at * 7919 + 1).toString(16).padStart(digits, 'ab');

/** For each type a column of values as they are found in tables. */
const columns: Readonly<Record<string, readonly [type: string, value: (at: number) => string]>> = {
  session: ['uuid', (at) => `${hex(at, 8)}-1111-4222-8333-${hex(at, 12)}`],
  client: ['ip', (at) => (at % 4 === 0 ? `2001:db8::${at}` : `192.168.${at}.${255 - at}`)],
  homepage: ['url', (at) => `https://example.com/${at}?a=b`],
  checksum: ['hash', (at) => hex(at, 64)],
  seen: ['timestamp', (at) => `${1 + (at % 28)}/03/2024 12:${10 + (at % 50)}`],
  born: ['date', (at) => `${1 + (at % 28)}.${1 + (at % 12)}.19${10 + at}`],
  took: ['duration', (at) => (at % 2 === 0 ? `PT${at}M` : `${at} days`)],
  grown: ['percentage', (at) => `${at}.5 %`],
  price_text: ['amount', (at) => (at % 2 === 0 ? `$${at}.00` : `${at} EUR`)],
  where: ['coordinates', (at) => `"${at}.25, -${at}.5"`],
  file: ['path', (at) => `/var/log/app-${at}.log`],
  postcode: ['postal code', (at) => `AB${at % 10} ${at % 9}CD`],
  zip: ['postal code', (at) => `0${1000 + at}`],
  half: ['mixed', (at) => (at % 10 === 0 ? 'unknown' : String(at))],
  agreed: ['boolean', (at) => (at % 3 === 0 ? 'yes' : 'no')],
  risk: ['ordinal', (at) => ['low', 'medium', 'high'][at % 3] ?? ''],
  reference: ['identifier', (at) => `KX${at * 31}`],
  comment: ['free text', (at) => `the customer said something about number ${at % 40}`],
  colour: ['category', (at) => ['red', 'green', 'blue'][at % 3] ?? ''],
  part: ['code', (at) => `A${at % 15}-${at % 3}`],
  surname: ['text', (at) => `Miller${'abcdefghijklmnopqrstuvwxyz'[at % 26] ?? ''}${'xyz'[at % 2] ?? ''}`],
  flag: ['boolean', (at) => String(at % 2)],
  model_year: ['year', (at) => String(1950 + at)],
  since: ['year', (at) => String(1990 + (at % 20))],
  row_id: ['identifier', (at) => String(1000 + at)],
  age: ['duration', (at) => String(20 + ((at * 7) % 50))],
  balance: ['amount', (at) => String(at * 100 - 50)],
  error_rate: ['percentage', (at) => String((at * 3) % 100)],
  visits: ['count', (at) => String((at * 11) % 37)],
  grade: ['ordinal', (at) => String(1 + (at % 5))],
  items: ['count', (at) => String(Math.floor((at * at) / 3) % 50)],
  lat: ['latitude', (at) => `${at}.123`],
  lon: ['longitude', (at) => `${at * 2}.123`],
  score: ['ratio', (at) => String(at / 100 + 0.001)],
  temperature: ['quantity', (at) => String(at * 1.5 - 20)],
  day: ['date', (at) => `2024-01-${String(1 + (at % 28)).padStart(2, '0')}`],
  at: ['timestamp', (at) => `2024-01-01T00:00:${10 + (at % 50)}`],
  clock: ['time', (at) => `12:${10 + (at % 50)}:00`],
};

test('what a column means is told from its values and its name', async () => {
  const entries = Object.entries(columns);
  const lines = Array.from({ length: count }, (_, at) => entries.map(([, [, value]]) => value(at)).join(','));
  const profile = await profileOfText([entries.map(([name]) => name).join(','), ...lines].join('\n'), {
    digest: false,
  });
  const found = Object.fromEntries(profile.columns.map(({ name, semantic }) => [name, semantic?.type]));
  expect(found).toEqual(Object.fromEntries(entries.map(([name, [type]]) => [name, type])));
  expect(columnNamed(profile, 'half').semantic).toEqual({ type: 'mixed', share: 0.9, rule: 'pattern number' });
});

describe('what only looks similar', () => {
  const typeOf = async (name: string, values: readonly string[]): Promise<string | undefined> =>
    (await profileOfText([name, ...values].join('\n'), { digest: false })).columns[0]?.semantic?.type;
  const many = (value: (at: number) => string): string[] => Array.from({ length: 40 }, (_, at) => value(at));

  test('is not taken for it', async () => {
    expect(
      await typeOf(
        'x',
        many((at) => `999.1.1.${at}`),
      ),
    ).not.toBe('ip');
    expect(
      await typeOf(
        'x',
        many((at) => hex(at, 63)),
      ),
    ).not.toBe('hash');
    expect(
      await typeOf(
        'total',
        many((at) => String(1900 + at * 1000)),
      ),
    ).not.toBe('year');
    expect(
      await typeOf(
        'lat',
        many((at) => `${at * 10}.5`),
      ),
    ).toBe('quantity');
    expect(
      await typeOf(
        'x',
        many((at) => (at < 4 ? 'none' : `https://a/${at}`)),
      ),
    ).not.toBe('url');
  });

  test('and nothing is said of no values', async () => {
    expect(await typeOf('x,y', [',1', ',2'])).toBeUndefined();
  });
});
