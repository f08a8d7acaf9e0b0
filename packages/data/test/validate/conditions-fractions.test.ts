import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openTable } from '@holdfast/dataset';
import { randomOf } from '@holdfast/statistics';
import { temporaryFolder } from '@holdfast/testkit';
import { expect, test } from 'vitest';
import { Kwargs } from '../../src/validate/kwargs.ts';
import { rowCondition } from '../../src/validate/row-condition.ts';

/** numpy's `divmod` of float64 (`npy_divmod`): what C's fmod leaves, moved to the side of the divisor. */
function divided(one: number, other: number): [quotient: number, left: number] {
  let left = one % other;
  let quotient = (one - left) / other;
  if (left !== 0 && left < 0 !== other < 0) [left, quotient] = [left + other, quotient - 1];
  const floor = Math.floor(quotient);
  return [quotient - floor > 0.5 ? floor + 1 : floor, left];
}

test('what divides fractions is as exact as what numpy does', async () => {
  const random = randomOf(7);
  const numbers = Array.from({ length: 400 }, () => random.normal() * 10 ** (random.integer(12) - 3));
  numbers.push(0.3, 5.3, -0.1, 2.9999999999999996, -1e-17, 6, -6, 1e9 + 0.1);
  const path = join(temporaryFolder(), 'numbers.csv');
  for (const divisor of [2, -7, 0.5, 2.5, -0.75, 1000]) {
    const lines = numbers.map((x) => [x, ...divided(x, divisor)].map((value) => value.toExponential()).join(','));
    writeFileSync(path, ['x,quotient,left', ...lines, '0.5,7,7'].join('\n'));
    const table = await openTable(path, { threads: 1 });
    const query = `x // ${divisor} == quotient and x % ${divisor} == left`;
    const { where, demands } = rowCondition(new Kwargs({ row_condition: query }, 'expectation 1'), [table]) ?? {};
    const broken = (demands ?? []).map(({ broken: each }) => `(${each})`).join(' OR ');
    const [row] = await table.engine.rows(
      `SELECT count(CASE WHEN ${where ?? ''} THEN 1 END), count(CASE WHEN ${broken} THEN 1 END), count(CASE WHEN (${where ?? ''}) AND (${broken}) THEN 1 END) FROM ${table.relation}`,
    );
    const [right = 0, refused = 0, both = 0] = (row ?? []).map(Number);
    // every row but the last, which is wrong on purpose; where there is no telling nothing is said
    expect([divisor, right + refused - both]).toEqual([divisor, numbers.length]);
    expect(refused).toBeLessThan(3);
    await table.close();
  }
});

test.each([
  ['x % 0.1 == 0', 'numbers that are not whole'],
  ['x // x == 1', 'numbers that are not whole'],
  ['x.dt.year == 1', '`.dt` of a number'],
  ['x.between(1, 2, inclusive=True)', '`inclusive`'],
  ['x.between(1, 2, "left", inclusive="left")', 'without two ends'],
])('%s is not understood', async (query, why) => {
  const path = join(temporaryFolder(), 'numbers.csv');
  writeFileSync(path, 'x\n1.5\n');
  const table = await openTable(path, { threads: 1 });
  expect(() => rowCondition(new Kwargs({ row_condition: query }, 'expectation 1'), [table])).toThrow(why);
  await table.close();
});
