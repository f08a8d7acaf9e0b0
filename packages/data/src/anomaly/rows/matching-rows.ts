import type { Cell, Table } from '@holdfast/dataset';
import { namedRows, type RowPlace } from './row-list.ts';
import { type Compared, rowText } from './row-text.ts';

/** A table with what of it is compared, and on which of two sides it stands. */
export interface Side {
  readonly table: Table;
  readonly columns: readonly Compared[];
  /** Which file of its artifact. */
  readonly part: number;
  readonly side: 'own' | 'reference';
  /** SQL of the label. */
  readonly label?: string;
}

/** Rows that are the same, wherever they stand. */
export interface Match {
  readonly own: Counted;
  readonly reference: Counted;
  readonly labels: ReadonlySet<string>;
}

interface Counted {
  readonly count: number;
  /** The first ones. */
  readonly rows: readonly RowPlace[];
}

export interface Matches {
  readonly matches: readonly Match[];
  readonly isWhole: boolean;
}

/** Hashes of one pass, groups that are confirmed, and hashes in one question. */
const limits = { hashes: 2_000_000, groups: 200_000, asked: 5000 };

type Hash = number | bigint;

/**
 * Rows that are the same in tables of several engines: which hashes occur as `isWanted` says (how often on each side) is found
 * first, some of the hashes at a time; then the texts behind them are compared.
 */
export async function matchingRows(
  sides: readonly Side[],
  isWanted: (own: number, reference: number) => boolean,
  signal?: AbortSignal,
): Promise<Matches> {
  const wanted = await wantedHashes(sides, isWanted, signal);
  const found = new Map<string, Growing>();
  for (let at = 0; at < wanted.hashes.length; at += limits.asked) {
    const asked = wanted.hashes.slice(at, at + limits.asked);
    for (const side of sides) {
      signal?.throwIfAborted();
      for await (const cells of confirm(side, asked)) place(found, side, cells);
    }
  }
  const matches = [...found.values()].filter(({ own, reference }) => isWanted(own.count, reference.count));
  return { matches, isWhole: wanted.isWhole };
}

async function wantedHashes(
  sides: readonly Side[],
  isWanted: (own: number, reference: number) => boolean,
  signal: AbortSignal | undefined,
): Promise<{ hashes: Hash[]; isWhole: boolean }> {
  const rows = sides.reduce((sum, { table }) => sum + table.rows, 0);
  const passes = Math.max(1, Math.ceil(rows / limits.hashes));
  const hashes: Hash[] = [];
  for (let pass = 0; pass < passes; pass += 1) {
    const counts = new Map<Hash, [own: number, reference: number]>();
    for (const side of sides) {
      signal?.throwIfAborted();
      for await (const [hash = [], many = []] of hashesOf(side, passes, pass)) count(counts, side, hash, many);
    }
    for (const [hash, [own, reference]] of counts) if (isWanted(own, reference)) hashes.push(hash);
    if (hashes.length > limits.groups) return { hashes: hashes.slice(0, limits.groups), isWhole: false };
  }
  return { hashes, isWhole: true };
}

function hashesOf({ table, columns, label }: Side, passes: number, pass: number): AsyncGenerator<Cell[][]> {
  const { engine, relation } = table;
  const hash = engine.dialect.hash(rowText(engine.dialect, columns));
  const some = passes === 1 ? [] : [`${engine.dialect.remainder(hash, BigInt(passes))} = ${pass}`];
  const where = [...some, ...(label === undefined ? [] : [`${label} IS NOT NULL`])];
  const filter = where.length === 0 ? '' : ` WHERE ${where.join(' AND ')}`;
  return engine.stream(`SELECT ${hash}, count(*) FROM ${relation}${filter} GROUP BY ${hash}`);
}

function count(
  counts: Map<Hash, [number, number]>,
  { side }: Side,
  hashes: readonly Cell[],
  many: readonly Cell[],
): void {
  for (const [index, hash] of hashes.entries()) {
    const known = counts.get(hash as Hash) ?? [0, 0];
    known[side === 'own' ? 0 : 1] += Number(many[index]);
    counts.set(hash as Hash, known);
  }
}

function confirm({ table, columns, label }: Side, hashes: readonly Hash[]): AsyncGenerator<Cell[][]> {
  const { engine, relation, rowNumber = '0' } = table;
  const text = rowText(engine.dialect, columns);
  const present = label === undefined ? '' : ` AND ${label} IS NOT NULL`;
  return engine.stream(
    `SELECT ${text}, ${rowNumber}, ${label ?? 'NULL'} FROM ${relation} WHERE ${engine.dialect.hash(text)} IN (${hashes.join(', ')})${present} ORDER BY 2`,
  );
}

interface Growing {
  readonly own: { count: number; rows: RowPlace[] };
  readonly reference: { count: number; rows: RowPlace[] };
  readonly labels: Set<string>;
}

function place(
  found: Map<string, Growing>,
  { side, part }: Side,
  [texts = [], rows = [], labels = []]: Cell[][],
): void {
  for (const [index, text] of texts.entries()) {
    const key = String(text);
    const match = found.get(key) ?? {
      own: { count: 0, rows: [] },
      reference: { count: 0, rows: [] },
      labels: new Set(),
    };
    found.set(key, match);
    match[side].count += 1;
    if (match[side].rows.length < namedRows) match[side].rows.push({ part, row: Number(rows[index]) });
    if (labels[index] !== null && labels[index] !== undefined) match.labels.add(String(labels[index]));
  }
}
