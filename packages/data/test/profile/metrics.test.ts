import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { correlations } from '../../src/metrics/correlation.ts';
import { distinct } from '../../src/metrics/distinct.ts';
import { cardinality, mergeRegisters, type Registers, registerCount } from '../../src/metrics/hyperloglog.ts';
import { measure } from '../../src/metrics/measure.ts';
import { RowHasher, rowsPerGroup } from '../../src/metrics/merkle.ts';
import { topValues, type ValueCounts, valueBound, valueCounts } from '../../src/metrics/value-counts.ts';
import { withTables } from './scene.ts';

/** The registers of numbers from one to another as text, with the MD5 of Node. */
function registersOf(from: number, to: number): Registers {
  const all = new Map<number, number>();
  for (let value = from; value < to; value += 1) {
    const hash = BigInt(`0x${createHash('md5').update(String(value)).digest('hex').slice(0, 15)}`);
    const [register, rest] = [Number(hash % BigInt(registerCount)), Number(hash / BigInt(registerCount))];
    all.set(register, Math.min(all.get(register) ?? rest, rest));
  }
  return all;
}

describe('HyperLogLog', () => {
  test('is within four standard errors from none to a hundred thousand', () => {
    for (const count of [0, 1, 10, 1000, 20_000, 100_000]) {
      const error = Math.abs(cardinality(registersOf(0, count)) - count);
      expect(error).toBeLessThanOrEqual(4 * 0.0081 * count);
    }
  });

  test('of parts that overlap is that of the whole', () => {
    const merged = mergeRegisters(registersOf(0, 600), registersOf(400, 1000));
    expect(new Map([...merged].sort())).toEqual(new Map([...registersOf(0, 1000)].sort()));
  });

  test('of an engine is that of Node, where the values are too many to be counted', async () => {
    const count = valueBound + 5000;
    const half = count / 2;
    const lines = (from: number, to: number): string =>
      ['x', ...Array.from({ length: to - from }, (_, at) => `v${from + at}`)].join('\n');
    const ask = async (parts: readonly string[]) =>
      withTables(parts, async (tables) => {
        const [x] = tables[0].columns;
        const metric = distinct(x!);
        return (await measure(tables, [metric])).get(metric);
      });
    const [first, second] = [lines(0, half), lines(half - 100, count)];
    const whole = await ask([`${first}\n${second.slice(2)}`]);
    expect(whole.isExact).toBe(false);
    expect(Math.abs(whole.count - count)).toBeLessThan(4 * whole.error * count);
    expect(await ask([first, second])).toEqual(whole);
  });
});

describe('most frequent values', () => {
  const state = (values: Record<string, number>, isWhole = true, unseen = 0): ValueCounts => ({
    values: new Map(Object.entries(values).map(([text, count]) => [text, { text, count, slack: 0, isCut: false }])),
    ...{ isWhole, unseen },
  });
  const metric = valueCounts({ name: 'x', type: 'text', native: '', value: '"x"' });

  test('are exact where the parts reported all', () => {
    const merged = metric.merge(state({ a: 3, b: 2 }), state({ b: 2, c: 1 }));
    expect(topValues(merged, 2)).toEqual({
      isExact: true,
      values: [
        { text: 'b', count: 4, isCut: false },
        { text: 'a', count: 3, isCut: false },
      ],
    });
  });

  test('say so where what was left out could be among them', () => {
    const parts = [state({ a: 10, b: 9 }, false, 4), state({ b: 9, c: 6 }, false, 6)] as const;
    const merged = metric.merge(...parts);
    // a: 10 to 16, b: 18, c: 6 to 10, anything else at most 10
    expect(topValues(merged, 1)).toMatchObject({ isExact: true, values: [{ text: 'b', count: 18 }] });
    expect(topValues(merged, 2).isExact).toBe(false);
    expect(merged.unseen).toBe(10);
  });

  test('tell long values with the same beginning apart', async () => {
    const long = 'x'.repeat(200);
    const found = await withTables([['x', `${long}a`, `${long}b`, `${long}b`].join('\n')], async (tables) => {
      const metric = valueCounts(tables[0].columns[0]!);
      return (await measure(tables, [metric])).get(metric);
    });
    expect(found.values.size).toBe(2);
    expect(topValues(found, 1).values).toEqual([{ text: 'x'.repeat(160), count: 2, isCut: true }]);
  });
});

describe('a correlation', () => {
  const ask = async (parts: readonly string[]) =>
    withTables(parts, async (tables) => {
      const metric = correlations(tables[0].columns);
      const found = (await measure(tables, [metric])).get(metric);
      return [found.of(0, 1), found.of(1, 2), found.of(0, 2)];
    });

  test('is over the rows that have both values, by the definition, and the same in parts', async () => {
    const rows = [
      [1, 2, 7],
      [2, 1, undefined],
      [3, undefined, 7],
      [4, 6, 7],
      [10, 7, 7],
    ];
    const text = (some: typeof rows): string =>
      ['a,b,c', ...some.map((row) => row.map((each) => each ?? '').join(','))].join('\n');
    const whole = await ask([text(rows)]);
    // a and b: (1,2) (2,1) (4,6) (10,7): means 4.25 and 4; products 30, squares 48.75 and 26
    expect(whole[0]?.rows).toBe(4);
    expect(whole[0]?.coefficient).toBeCloseTo(30 / Math.sqrt(48.75 * 26), 9);
    expect(whole[1]).toEqual({ coefficient: undefined, rows: 3 });
    expect(await ask([text(rows.slice(0, 2)), text(rows.slice(2))])).toEqual(whole);
  });

  test('of a column with itself and its opposite is one and minus one', async () => {
    const lines = Array.from({ length: 40 }, (_, at) => `${at / 7},${-at / 7},${1e300 * at}`);
    const [opposite, , far] = await ask([['a,b,c', ...lines].join('\n')]);
    expect(opposite?.coefficient).toBeCloseTo(-1, 9);
    expect(far?.coefficient).toBeCloseTo(1, 9);
  });
});

describe('the tree over rows', () => {
  const sha = (...parts: readonly (string | Buffer)[]): Buffer => {
    const hash = createHash('sha256');
    for (const part of parts) hash.update(part);
    return hash.digest();
  };
  /** RFC 6962 section 2.1, as it is written there. */
  const definition = (leaves: readonly string[]): Buffer => {
    if (leaves.length === 0) return sha('');
    if (leaves.length === 1) return sha('\u0000', leaves[0] ?? '');
    const half = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
    return sha('\u0001', definition(leaves.slice(0, half)), definition(leaves.slice(half)));
  };
  const treeOf = (rows: readonly string[]) => {
    const hasher = new RowHasher();
    for (const row of rows) hasher.add(row);
    return hasher.finish();
  };

  test('has the root of certificate-transparency-go’s reference test', () => {
    const leaves = ['', '\u0000', '\u0010', ' !', '01', '@ABC', 'PQRSTUVW', '`abcdefghijklmno'];
    expect(treeOf(leaves).root).toBe('5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
  });

  test('is that of the definition, for any number of rows', () => {
    for (let count = 0; count < 34; count += 1) {
      const rows = Array.from({ length: count }, (_, at) => `row ${at}`);
      expect(treeOf(rows).root).toBe(definition(rows).toString('hex'));
    }
  });

  test('has groups whose roots are its nodes', () => {
    const rows = Array.from({ length: 2 * rowsPerGroup + 3 }, (_, at) => String(at));
    const { root, groups } = treeOf(rows);
    expect(groups[0]).toBe(definition(rows.slice(0, rowsPerGroup)).toString('hex'));
    expect(groups[2]).toBe(definition(rows.slice(2 * rowsPerGroup)).toString('hex'));
    expect(groups.length).toBe(3);
    const [one, two, rest] = groups.map((group) => Buffer.from(group, 'hex'));
    expect(root).toBe(sha('\u0001', sha('\u0001', one!, two!), rest!).toString('hex'));
  });
});
