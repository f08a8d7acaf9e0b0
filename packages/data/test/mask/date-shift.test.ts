import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellOf, secret, transformation } from './mask-scene.ts';

const day = fc
  .date({ min: new Date('1800-01-01T00:00:00Z'), max: new Date('2199-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const daysBetween = (one: string, other: string): number => (Date.parse(other) - Date.parse(one)) / 86_400_000;

const plan = { method: 'date-shift', subject: 'id', days: 100 };

describe('date-shift', () => {
  test('keeps what lies between dates of one subject, in any column, and is within its bounds', () => {
    const [admitted, left] = ['admitted', 'left'].map((name) => transformation(plan, { name, type: 'date' }));
    fc.assert(
      fc.property(day, day, fc.string({ minLength: 1 }), (one, other, who) => {
        const [from, to] = [admitted!.transform(one, [who]), left!.transform(other, [who])] as [string, string];
        expect(daysBetween(from, to)).toBe(daysBetween(one, other));
        const offset = Math.abs(daysBetween(one, from));
        expect(offset).toBeGreaterThanOrEqual(1);
        expect(offset).toBeLessThanOrEqual(100);
      }),
    );
  });

  test('by whole weeks keeps the day of the week', () => {
    const weekly = transformation({ ...plan, weeks: true });
    fc.assert(
      fc.property(day, fc.string({ minLength: 1 }), (one, who) => {
        const offset = daysBetween(one, weekly.transform(one, [who]) as string);
        expect([Math.abs(offset) % 7, offset === 0, Math.abs(offset) <= 98]).toEqual([0, false, true]);
      }),
    );
  });

  test('takes every offset about as often: none is 0, none stands out', () => {
    const shift = transformation({ ...plan, days: 7 });
    const counts = new Map<number, number>();
    for (let who = 0; who < 14_000; who += 1) {
      const offset = daysBetween('2000-06-15', shift.transform('2000-06-15', [String(who)]) as string);
      counts.set(offset, (counts.get(offset) ?? 0) + 1);
    }
    expect([...counts.keys()].sort((one, other) => one - other)).toEqual([
      -7, -6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6, 7,
    ]);
    const square = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(square).toBeLessThan(34.53); // 0.999 quantile of χ² with 13 degrees of freedom
  });

  test('depends on key and domain, and not on the column of the date', () => {
    const of = (given: object, key = secret): string | null =>
      cellOf({ ...plan, ...given }, '2000-01-01', { key }, ['P-7']);
    expect(of({ days: 36_500 })).not.toBe(of({ days: 36_500 }, Buffer.from(secret).reverse()));
    expect(of({ days: 36_500 })).not.toBe(of({ days: 36_500, domain: 'other' }));
    expect(of({ subject: 'who', domain: 'id' })).toBe(of({}));
  });

  test('keeps the form of the date, and the time', () => {
    const shifted = cellOf(plan, '2000-01-01', {}, ['P-7']) ?? '';
    const [year, month, date] = shifted.split('-');
    expect(cellOf({ ...plan, format: 'DD/MM/YYYY' }, '01/01/2000', {}, ['P-7'])).toBe(`${date}/${month}/${year}`);
    expect(cellOf({ ...plan, format: 'YYYYMMDD' }, '20000101', {}, ['P-7'])).toBe(shifted.replaceAll('-', ''));
    expect(cellOf(plan, '2000-01-01 23:59:59.123456', {}, ['P-7'])).toBe(`${shifted} 23:59:59.123456`);
  });

  test.each([
    ['2000-01-01', null, '?no-subject'],
    ['2000-01-01', '', '?no-subject'],
    ['2000-02-30', 'P-7', '?not-a-date'],
    ['infinity', 'P-7', '?not-a-date'],
    ['next week', 'P-7', '?not-a-date'],
  ])('%s of %s is not passed on', (text, who, expected) => {
    expect(cellOf(plan, text, {}, [who])).toBe(expected);
  });

  test('never leaves the years 1 to 9999', () => {
    const subjects = Array.from({ length: 40 }, (_, who) => String(who));
    for (const edge of ['0001-01-01', '9999-12-31']) {
      const made = subjects.map((who) => cellOf(plan, edge, {}, [who]) ?? '');
      expect(made.filter((text) => text === '?out-of-range').length).toBeGreaterThan(5);
      expect(made.every((text) => text === '?out-of-range' || /^(?:0001|9999)-\d\d-\d\d$/.test(text))).toBe(true);
    }
  });
});
