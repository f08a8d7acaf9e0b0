import type { TableColumn } from '@holdfast/dataset';
import { NearDuplicates, type NearResult } from '../near/near-duplicates.ts';
import { differingCells } from '../near/row-bands.ts';
import { mixed, textHash } from '../near/shingles.ts';
import { leakedSides } from '../rows/equal-rows.ts';
import type { Side } from '../rows/matching-rows.ts';
import { readDocuments } from '../rows/read-documents.ts';
import { namedRows, type RowPlace, rowList } from '../rows/row-list.ts';
import { comparedOf } from '../rows/row-text.ts';
import { counted, featuresOf, finding, judged, type Observed, type Scene } from './scene.ts';

/** A text column of so many characters on average holds documents. */
export const longText = 50;

/** What is compared: a column of documents, or rows by their cells. */
interface Subject {
  readonly what: string;
  readonly columns: readonly TableColumn[];
  readonly isRows: boolean;
  /** Whether what is equal in these columns is looked for elsewhere. */
  readonly ignoresEqual: boolean;
}

/** Texts and rows of the table that are nearly the same. */
export async function observeNear(scene: Scene): Promise<Observed> {
  const { rows, options, tables } = scene;
  const alike = new Set<number>();
  const [findings, left]: [Observed['findings'][number][], string[]] = [[], []];
  const compared = rowColumns(scene);
  const isAll = !scene.columns.some(({ name }) => onlyTellsApart(scene.identifiers, name));
  for (const subject of subjectsOf(scene, compared, isAll)) {
    const sides = tables.map((table, part): Side => {
      const columns = subject.columns.map((column) => comparedOf(table.engine.dialect, column));
      return { table, columns, part, side: 'own' };
    });
    const found = await nearOf(scene, subject, sides, []);
    for (const row of found.rows) alike.add(row);
    left.push(...found.left);
    if (found.rows.size === 0) continue;
    const message = `${subject.what}: ${counted(found.rows.size, 'row has', 'rows have')} a twin that is nearly the same (Jaccard similarity of ${options.threshold} or more)`;
    findings.push(finding('nearDuplicates', message, pairList(found.pairs, tables.length)));
  }
  const share = alike.size / Math.max(1, rows);
  return {
    outcome: judged(share, options.maxNearDuplicates, 0),
    metrics: { near_duplicate_rows: alike.size, near_duplicate_share: share },
    ...{ findings, left },
  };
}

/** Texts and rows of the table that the reference has nearly the same. */
export async function observeNearLeakage(scene: Scene): Promise<Observed | undefined> {
  const { rows, options, tables, reference } = scene;
  if (reference === undefined) return undefined;
  const leaked = new Set<number>();
  const [findings, left]: [Observed['findings'][number][], string[]] = [[], []];
  const shared = featuresOf(scene).filter(({ name }) => reference[0].columns.some((column) => column.name === name));
  for (const subject of subjectsOf(scene, shared, true)) {
    const names = subject.columns.map(({ name }) => name);
    const sides = leakedSides(tables, reference, names);
    if (sides.some(({ columns }) => columns.length === 0)) continue;
    const own = sides.filter(({ side }) => side === 'own');
    const found = await nearOf(
      scene,
      subject,
      own,
      sides.filter(({ side }) => side === 'reference'),
    );
    for (const row of found.rows) leaked.add(row);
    left.push(...found.left);
    if (found.rows.size === 0) continue;
    const message = `${subject.what}: ${counted(found.rows.size, 'row stands', 'rows stand')} nearly the same in the reference (Jaccard similarity of ${options.threshold} or more)`;
    findings.push(finding('nearLeakage', message, leakList(found.pairs, tables.length, reference.length)));
  }
  const share = leaked.size / Math.max(1, rows);
  return {
    outcome: judged(share, options.maxNearLeakage, 0),
    metrics: { near_leaked_rows: leaked.size, near_leaked_share: share },
    ...{ findings, left },
  };
}

/** Rows are compared by cells that differ from row to row and do not only tell rows apart. */
function rowColumns({ facts, identifiers, columns }: Scene): readonly TableColumn[] {
  const fixed = new Set(facts.filter(({ isConstant }) => isConstant).map(({ column }) => column.name));
  return columns.filter(({ name }) => !fixed.has(name) && !onlyTellsApart(identifiers, name));
}

/** A text that nearly every row has for itself may be what the table is about. */
const onlyTellsApart = (identifiers: Scene['identifiers'], name: string): boolean =>
  (identifiers.get(name)?.kind ?? 'text') !== 'text';

function subjectsOf({ facts, options }: Scene, rowsBy: readonly TableColumn[], ignoresEqual: boolean): Subject[] {
  const texts = facts.filter(({ column, length, present }) =>
    options.text === undefined
      ? column.type === 'text' && present > 1 && length >= longText
      : options.text.includes(column.name),
  );
  const subjects = texts.map(({ column }) => ({
    what: `\`${column.name}\``,
    columns: [column],
    isRows: false,
    ignoresEqual: false,
  }));
  // Rows of m cells of which one differs have the similarity (m − 1) / (m + 1).
  const cells = rowsBy.length;
  if (differingCells(cells, options.threshold) === 0) return subjects;
  return [...subjects, { what: `rows by ${cells} columns`, columns: rowsBy, isRows: true, ignoresEqual }];
}

interface Near {
  readonly rows: ReadonlySet<number>;
  readonly pairs: readonly (readonly [RowPlace, RowPlace])[];
  readonly left: readonly string[];
}

async function nearOf(scene: Scene, subject: Subject, own: readonly Side[], reference: readonly Side[]): Promise<Near> {
  const { options, signal } = scene;
  const near = new NearDuplicates({
    ...{ threshold: options.threshold, signal, ignoresEqual: subject.ignoresEqual },
    ...(subject.isRows ? { cells: subject.columns.length } : {}),
    shingles: { of: options.shingles, size: options.shingleSize },
  });
  for (const side of reference) await fill(near, scene, subject, side);
  if (reference.length > 0) near.startAgainst();
  for (const side of own) await fill(near, scene, subject, side);
  const rows = new Set<number>();
  const pairs: [RowPlace, RowPlace][] = [];
  const result = near.pairs((one, other) => {
    if (reference.length === 0) rows.add(one);
    rows.add(other);
    if (pairs.length < namedRows) pairs.push([placeOf(one), placeOf(other)]);
  });
  return { rows, pairs, left: leftOf(subject, result) };
}

async function fill(near: NearDuplicates, scene: Scene, subject: Subject, side: Side): Promise<void> {
  const names = new Set(subject.columns.map(({ name }) => name));
  const length = scene.facts.reduce((sum, facts) => sum + (names.has(facts.column.name) ? facts.length : 0), 0);
  for await (const [numbers = [], ...cells] of readDocuments(side.table, side.columns, length)) {
    scene.signal.throwIfAborted();
    for (let at = 0; at < numbers.length; at += 1) {
      const document = side.part * partSize + Number(numbers[at]);
      if (subject.isRows) near.addRow(document, partsOf(cells, at));
      else near.add(document, String(cells[0]?.[at] ?? ''));
    }
  }
}

/** A row's cells as hashes; no value is a cell, too. */
function partsOf(cells: readonly (readonly unknown[])[], row: number): number[] {
  return cells.map((column, index) => {
    const value = column[row];
    const seed = mixed(index + 1);
    return typeof value === 'string' ? textHash(value, seed) : mixed(seed ^ 0x5bd1e995);
  });
}

const partSize = 2 ** 40;
const placeOf = (document: number): RowPlace => ({
  part: Math.floor(document / partSize),
  row: document % partSize,
});

function leftOf({ what }: Subject, { left, isWhole, compared }: NearResult): string[] {
  return [
    ...(left === 0 ? [] : [`near duplicates of ${what}: ${left} rows were not compared, for want of memory`]),
    ...(isWhole
      ? []
      : [`near duplicates of ${what}: only ${compared} pairs were compared; a higher threshold needs fewer`]),
  ];
}

function pairList(pairs: Near['pairs'], parts: number): string {
  return pairs.map((pair) => rowList(pair, parts)).join('; ');
}

export function leakList(pairs: Near['pairs'], parts: number, others: number): string {
  return pairs
    .map(([theirs, mine]) => `${rowList([mine], parts)} is ${rowList([theirs], others)} of the reference`)
    .join('; ');
}
