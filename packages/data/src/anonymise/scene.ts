import type { Table } from '@holdfast/dataset';
import type { ArtifactReader, OperationContext } from '@holdfast/evidence/check';
import { DataError } from '../errors.ts';
import { criteriaOf, inOrder } from './criteria/criteria-of.ts';
import type { Criterion } from './criteria/criterion.ts';
import { type Declarations, hierarchyFor, readDeclarations } from './hierarchy/declared.ts';
import type { Hierarchy } from './hierarchy/hierarchy.ts';
import type { AnonymiseOptions } from './options.ts';
import { type CodedColumn, Dictionaries, type ReadColumns, readColumns } from './read-columns.ts';
import { type Combinations, combinationsOf } from './search/classes.ts';
import { Lattice } from './search/lattice.ts';
import { type Utility, utilityOf } from './utility/utility.ts';

type Tables = readonly [Table, ...Table[]];

/** What the search is about. */
export interface Scene {
  readonly read: ReadColumns;
  readonly hierarchies: readonly Hierarchy[];
  readonly sensitive: readonly CodedColumn[];
  readonly declarations: Declarations;
  readonly criteria: readonly Criterion[];
  readonly utility: Utility;
  readonly combinations: Combinations;
  /** By quasi-identifier: the code of the value that each person of the population has. */
  readonly population?: readonly Int32Array[];
}

/** Nodes that a lattice may have: a byte or two are held for each. */
const mostNodes = 50_000_000;

/** @throws DataError HF_DATA_OPTIONS, HF_DATA_HIERARCHY, HF_DATA_ANONYMITY */
export async function sceneOf(
  tables: Tables,
  population: Tables | undefined,
  options: AnonymiseOptions,
  { signal, inputs }: Pick<OperationContext, 'signal' | 'inputs'>,
): Promise<Scene> {
  const declarations = await readDeclarations(declared(inputs['hierarchies'], options));
  const { quasi } = options;
  const dictionaries = new Dictionaries(quasi.length + options.sensitive.length);
  const how = { dictionaries, short: new Set(quasi), signal };
  // The population comes first, so that the values of both are known before hierarchies are made.
  const people = population === undefined ? undefined : await readColumns(population, quasi, how);
  const read = await readColumns(tables, [...quasi, ...options.sensitive], how);
  requireRows(read.rows, options);
  const columns = read.columns.slice(0, quasi.length);
  const hierarchies = columns.map((column) => hierarchyFor(column, declarations));
  requireSearchable(hierarchies);
  const isOrdered = options.t !== undefined && options.distance === 'ordered';
  const sensitive = read.columns
    .slice(quasi.length)
    .map((column) => (isOrdered ? inOrder(column, declarations) : column));
  const utility = utilityOf(options.utility, { hierarchies, values: columns, rows: read.rows });
  const guarded = options.l === undefined && options.t === undefined ? [] : sensitive;
  return {
    ...{ read, hierarchies, sensitive, declarations, utility },
    criteria: criteriaOf(options, sensitive, declarations),
    combinations: combinationsOf(
      hierarchies,
      columns.map(({ codes }) => codes),
      read.rows,
      guarded.map(({ codes, values }) => ({ codes, values: values.length })),
      utility.weights,
    ),
    ...(people === undefined ? {} : { population: people.columns.map(({ codes }) => codes) }),
  };
}

function declared(reader: ArtifactReader | undefined, { hierarchies }: AnonymiseOptions): ArtifactReader | undefined {
  if (hierarchies === undefined || reader !== undefined) return reader;
  throw new DataError('HF_DATA_ARTIFACT', `there is no \`${hierarchies}\``, { where: 'hierarchies' });
}

function requireRows(rows: number, { k }: AnonymiseOptions): void {
  if (rows === 0) throw new DataError('HF_DATA_ANONYMITY', 'the table has no rows', { fix: 'give a table with rows' });
  if (k <= rows) return;
  throw new DataError('HF_DATA_ANONYMITY', `\`k\` is ${k}, and the table has ${rows} rows`, { where: 'k' });
}

function requireSearchable(hierarchies: readonly Hierarchy[]): void {
  const { size } = new Lattice(hierarchies.map(({ levels }) => levels.length));
  if (size <= mostNodes) return;
  throw new DataError('HF_DATA_OPTIONS', `the columns can be generalised in ${size} ways, more than ${mostNodes}`, {
    ...{ where: 'quasi', fix: 'give hierarchies with fewer levels, or name fewer columns' },
  });
}
