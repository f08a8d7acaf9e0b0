import { type Random, randomOf } from '@holdfast/statistics';
import type { Learner, Predict } from './models.ts';
import { type Column, pickOf, type Split, type Table } from './tables.ts';

/** Somebody who asks. `ask` answers with the chance of the second class, as the gateway lets it be seen. */
export type Attacker = Generator<Float64Array, void, number>;

export interface AttackerContext {
  readonly table: Table;
  readonly split: Split;
  readonly encode: (row: Float64Array) => Float64Array;
  readonly clone: Learner;
  readonly seed: string;
}

const shaped = ({ isNumber, isWhole, least, greatest }: Column, value: number): number =>
  Math.min(greatest, Math.max(least, !isNumber || isWhole ? Math.round(value) : value));

function uniformRow(columns: readonly Column[], random: Random): Float64Array {
  return Float64Array.from(columns, (column) =>
    shaped(column, column.least + random.uniform() * (column.greatest - column.least)),
  );
}

/** Each feature as in some real row, whatever the others are: who knows published statistics can draw this. */
function marginalRow({ train }: Split, random: Random): Float64Array {
  return Float64Array.from(train[0]!, (_, at) => pickOf(random, train)[at]!);
}

function* uniform({ table, seed }: AttackerContext): Attacker {
  const random = randomOf(seed);
  for (;;) yield uniformRow(table.columns, random);
}

function* marginals({ split, seed }: AttackerContext): Attacker {
  const random = randomOf(seed);
  for (;;) yield marginalRow(split, random);
}

/** Between two rows of different answers, by halving, to the boundary. */
function* lineSearch({ table, split, seed }: AttackerContext): Attacker {
  const random = randomOf(seed);
  let [low, high]: [Float64Array | undefined, Float64Array | undefined] = [undefined, undefined];
  for (;;) {
    while (low === undefined || high === undefined) {
      const row = marginalRow(split, random);
      const answer = yield row;
      if (answer < 0.5) low = row;
      else high = row;
    }
    for (let step = 0; step < 7; step += 1) {
      const from: Float64Array = low;
      const to: Float64Array = high;
      const middle: Float64Array = Float64Array.from(table.columns, (column, at) =>
        column.isNumber ? shaped(column, (from[at]! + to[at]!) / 2) : pickOf(random, [from[at]!, to[at]!]),
      );
      if ((yield middle) < 0.5) low = middle;
      else high = middle;
    }
    [low, high] = [undefined, undefined];
  }
}

interface Learnt {
  readonly rows: Float64Array[];
  readonly answers: number[];
}

function* asked(row: Float64Array, learnt: Learnt): Generator<Float64Array, void, number> {
  learnt.answers.push(yield row);
  learnt.rows.push(row);
}

/** From a few real rows, each next row a step across the clone's boundary: N. Papernot et al., "Practical Black-Box Attacks" (2017). */
function* jacobian({ table, split, encode, clone, seed }: AttackerContext): Attacker {
  const random = randomOf(seed);
  const learnt: Learnt = { rows: [], answers: [] };
  for (let each = 0; each < 10; each += 1) yield* asked(pickOf(random, split.fresh), learnt);
  for (let round = 0; ; round += 1) {
    const predict = clone(learnt.rows.map(encode), learnt.answers, `${seed} ${round}`);
    const from = random.shuffle([...learnt.rows]).slice(0, 30);
    for (const row of from) yield* asked(stepped(row, predict, { table, encode, random }), learnt);
  }
}

interface Stepping {
  readonly table: Table;
  readonly encode: (row: Float64Array) => Float64Array;
  readonly random: Random;
}

/** A tenth of a feature's range against the answer of the clone, for each; one category is drawn anew. */
function stepped(row: Float64Array, predict: Predict, { table, encode, random }: Stepping): Float64Array {
  const now = predict(encode(row));
  const towards = now < 0.5 ? 1 : -1;
  const next = Float64Array.from(row);
  for (const [at, column] of table.columns.entries()) {
    if (!column.isNumber) continue;
    const moved = Float64Array.from(row);
    moved[at]! += 0.01 * (column.greatest - column.least);
    const slope = Math.sign(predict(encode(moved)) - now);
    next[at] = shaped(
      column,
      row[at]! + towards * slope * Math.max(0.1 * (column.greatest - column.least), column.isWhole ? 1 : 0),
    );
  }
  const categories = table.columns.flatMap(({ isNumber }, at) => (isNumber ? [] : [at]));
  if (categories.length > 0) {
    const at = pickOf(random, categories);
    next[at] = random.integer(table.columns[at]!.levels);
  }
  return next;
}

/** Of many rows made from the marginals, those of which the clone is least sure. */
function* active({ split, encode, clone, seed }: AttackerContext): Attacker {
  const random = randomOf(seed);
  const learnt: Learnt = { rows: [], answers: [] };
  for (let each = 0; each < 10; each += 1) yield* asked(marginalRow(split, random), learnt);
  for (let round = 0; ; round += 1) {
    const predict = clone(learnt.rows.map(encode), learnt.answers, `${seed} ${round}`);
    const pool = Array.from({ length: 300 }, () => marginalRow(split, random));
    const doubt = new Map(pool.map((row) => [row, Math.abs(predict(encode(row)) - 0.5)]));
    pool.sort((a, b) => doubt.get(a)! - doubt.get(b)!);
    for (const row of pool.slice(0, 10)) yield* asked(row, learnt);
  }
}

/** Real rows that the model has not seen: what cannot be told from a customer. */
function* realRows({ split, seed }: AttackerContext): Attacker {
  const random = randomOf(seed);
  for (;;) for (const row of random.shuffle([...split.fresh])) yield row;
}

export const attackers = {
  uniform,
  marginals,
  'line search': lineSearch,
  jacobian,
  active,
  'real rows': realRows,
} as const;
export type AttackerName = keyof typeof attackers;
