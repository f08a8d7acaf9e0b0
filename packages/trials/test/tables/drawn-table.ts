import fc from 'fast-check';

/*
 * Tables drawn at random, described in this file's own words: what a person could submit is checked here by other means
 * than those of the product.
 */

type Value = number | string;
type Row = Readonly<Record<string, Value>>;

interface DrawnColumn {
  readonly name: string;
  readonly kind: 'numeric' | 'integer' | 'categorical' | 'one-hot';
  readonly immutable?: boolean;
  readonly low?: number;
  readonly high?: number;
  readonly change?: number;
  readonly direction?: 'up' | 'down';
  readonly categories?: readonly string[];
  readonly codes?: readonly number[];
}

export interface DrawnTable {
  /** The file with columns, as JSON. */
  readonly file: {
    readonly scale: 'deviation' | 'range' | 'unit';
    readonly changes?: number;
    readonly categoryChanges?: number;
    readonly columns: readonly DrawnColumn[];
    readonly rules: readonly string[];
  };
  readonly rows: readonly Row[];
  readonly norm: 'linf' | 'l2' | 'l1';
  readonly epsilon: number;
  /** Whether `sum` is a + 2 · b − 1, and whether a is not above b. */
  readonly hasSum: boolean;
  readonly hasOrder: boolean;
}

/** Two numbers that depend on each other, a third, and some categories. */
export const drawnTable: fc.Arbitrary<DrawnTable> = fc
  .record({
    kinds: fc.tuple(...[0, 1, 2].map(() => fc.constantFrom('numeric' as const, 'integer' as const))),
    frozen: fc.constantFrom(-1, -1, -1, 0, 1, 2),
    change: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
    direction: fc.option(fc.constantFrom('up' as const, 'down' as const), { nil: undefined }),
    group: fc.integer({ min: 2, max: 4 }),
    codes: fc.uniqueArray(fc.integer({ min: -3, max: 6 }), { minLength: 2, maxLength: 4 }),
    hasSum: fc.boolean(),
    hasOrder: fc.boolean(),
    scale: fc.constantFrom('deviation' as const, 'range' as const, 'unit' as const),
    norm: fc.constantFrom('linf' as const, 'l2' as const, 'l1' as const),
    epsilon: fc.double({ min: 0.05, max: 3, noNaN: true }),
    changes: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
    categoryChanges: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
    cells: fc.array(fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 5, maxLength: 5 }), {
      minLength: 6,
      maxLength: 6,
    }),
  })
  .map((drawn) => {
    const rows = drawn.cells.map((cells) => rowOf(cells, drawn));
    const numbers = ['a', 'b', 'c'].map(
      (name, index): DrawnColumn => ({
        name,
        kind: drawn.kinds[index] ?? 'numeric',
        ...{ low: 0, high: 10 },
        ...(drawn.frozen === index ? { immutable: true } : {}),
        ...(index === 2 && drawn.change !== undefined ? { change: drawn.change } : {}),
        ...(index === 1 && drawn.direction !== undefined ? { direction: drawn.direction } : {}),
      }),
    );
    const columns: DrawnColumn[] = [
      ...numbers,
      { name: 'group', kind: 'one-hot', categories: letters.slice(0, drawn.group) },
      { name: 'code', kind: 'categorical', codes: drawn.codes },
      // its range is what the rows show
      ...(drawn.hasSum ? [{ name: 'sum', kind: 'numeric' as const }] : []),
    ];
    const rules = [...(drawn.hasSum ? ['sum = a + 2 * b - 1'] : []), ...(drawn.hasOrder ? ['a <= b'] : [])];
    const { scale, norm, epsilon, hasSum, hasOrder, changes, categoryChanges } = drawn;
    const budgets = {
      ...(changes === undefined ? {} : { changes }),
      ...(categoryChanges === undefined ? {} : { categoryChanges }),
    };
    return { file: { scale, ...budgets, columns, rules }, rows, norm, epsilon, hasSum, hasOrder };
  });

const letters = ['red', 'green', 'blue', 'grey'];

interface Shape {
  readonly kinds: readonly ('numeric' | 'integer')[];
  readonly group: number;
  readonly codes: readonly number[];
  readonly hasSum: boolean;
  readonly hasOrder: boolean;
}

function rowOf(cells: readonly number[], { kinds, group, codes, hasSum, hasOrder }: Shape): Row {
  const [x = 0, y = 0, c = 0] = [0, 1, 2].map((index) => {
    const value = (cells[index] ?? 0) / 100;
    return Math.fround(kinds[index] === 'integer' || (hasOrder && index < 2) ? Math.round(value) : value);
  });
  const [a, b] = hasOrder ? [Math.min(x, y), Math.max(x, y)] : [x, y];
  return {
    ...{ a, b, c },
    group: letters[(cells[3] ?? 0) % group] ?? '',
    code: codes[(cells[4] ?? 0) % codes.length] ?? 0,
    ...(hasSum ? { sum: Math.fround(a + 2 * b - 1) } : {}),
  };
}

/** Rows one behind the other: one-hot groups as zeros and a one. */
export function encodedRows({ file, rows }: DrawnTable): Float32Array {
  return Float32Array.from(
    rows.flatMap((row) =>
      file.columns.flatMap(({ name, kind, categories = [] }) =>
        kind === 'one-hot' ? categories.map((each) => (row[name] === each ? 1 : 0)) : [row[name] as number],
      ),
    ),
  );
}

/** A row of numbers as a person reads it; a group that holds not exactly one 1 is NaN. */
function decoded({ file }: DrawnTable, numbers: readonly number[]): Row {
  const left = [...numbers];
  return Object.fromEntries(
    file.columns.map(({ name, kind, categories = [] }) => {
      if (kind !== 'one-hot') return [name, left.shift() ?? Number.NaN];
      const group = left.splice(0, categories.length);
      const isOne = [...group].sort().join() === [...Array<number>(categories.length - 1).fill(0), 1].join();
      return [name, isOne ? (categories[group.indexOf(1)] ?? '') : Number.NaN];
    }),
  );
}

/** Everything that is wrong with a changed row, in words. */
export function wrongs(table: DrawnTable, from: number, numbers: Float32Array): string[] {
  const { file, rows, norm, epsilon } = table;
  const was = rows[from] ?? {};
  const is = decoded(table, [...numbers]);
  const number = (name: string, row: Row = is): number => row[name] as number;
  const said: string[] = [];
  const need = (holds: boolean, words: string): void => {
    if (!holds) said.push(words);
  };
  for (const { name, kind, low, high, categories, codes } of file.columns) {
    const value = is[name];
    if (kind === 'one-hot') need(categories?.includes(String(value)) === true, `${name} is ${value}`);
    else if (kind === 'categorical') need(codes?.includes(value as number) === true, `${name} is ${value}`);
    else {
      const shown = rows.map((row) => number(name, row));
      need((value as number) >= (low ?? Math.min(...shown)), `${name} is ${value}`);
      need((value as number) <= (high ?? Math.max(...shown)), `${name} is ${value}`);
    }
    if (kind === 'integer') need(Number.isSafeInteger(value), `${name} is ${value}`);
  }
  if (table.hasSum)
    need(Math.abs(number('sum') - (number('a') + 2 * number('b') - 1)) < 1e-4, `sum is ${number('sum')}`);
  if (table.hasOrder) need(number('a') <= number('b'), `a is ${number('a')}, b is ${number('b')}`);
  const moved = file.columns.filter(({ name }) => is[name] !== was[name] && name !== 'sum');
  for (const { name, immutable } of moved) need(immutable !== true, `${name} changed`);
  const direction = file.columns.find(({ name }) => name === 'b')?.direction;
  if (direction === 'up') need(number('b') >= number('b', was), 'b shrank');
  if (direction === 'down') need(number('b') <= number('b', was), 'b grew');
  need(moved.length <= (file.changes ?? 99), `${moved.length} changes`);
  const categories = moved.filter(({ name }) => name === 'group' || name === 'code');
  need(categories.length <= (file.categoryChanges ?? 99), `${categories.length} changed categories`);
  const lengths = moved.flatMap(({ name, kind, change }) => {
    if (kind !== 'numeric' && kind !== 'integer') return [];
    const length = Math.abs(number(name) - number(name, was));
    if (change === undefined) return [length / scaleOf(table, name)];
    need(length <= change + 1e-4, `${name} went ${length}`);
    return [];
  });
  const powers = {
    linf: Math.max(0, ...lengths),
    l1: sum(lengths),
    l2: Math.sqrt(sum(lengths.map((each) => each ** 2))),
  };
  need(powers[norm] <= epsilon * 1.0001 + 1e-4, `${powers[norm]} is beyond ${epsilon}`);
  return said;
}

const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0);

/** √(E[x²] − E[x]²), 10, or 1. */
function scaleOf({ file, rows }: DrawnTable, name: string): number {
  const values = rows.map((row) => row[name] as number);
  const [first, second] = [sum(values) / values.length, sum(values.map((each) => each ** 2)) / values.length];
  return { deviation: Math.sqrt(Math.max(0, second - first ** 2)), range: 10, unit: 1 }[file.scale];
}
