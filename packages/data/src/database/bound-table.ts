import { openPostgresTable, type Table } from '@holdfast/dataset';
import type { ArtifactReader, Report, Rule } from '@holdfast/evidence/check';
import { requireUnchanged, withTable } from '../artifact-table.ts';
import { DataError } from '../errors.ts';
import type { RowTree } from '../metrics/merkle.ts';
import { type RowDigest, rowDigest } from '../profile/row-digest.ts';
import { fileOptionOf, type GivenTableOptions } from '../table-options.ts';
import { copyOf } from './copy-of.ts';
import { isDescription, readDescription } from './description.ts';

interface Context {
  readonly signal: AbortSignal;
  /** What the check calls the finding that names the rows. */
  readonly rule: Rule;
  /** What the option `labels` names. */
  readonly labels?: ArtifactReader | undefined;
  /** What else the check reads with the same options. */
  readonly others?: readonly (ArtifactReader | undefined)[];
  /** What the artifact is to the check, such as `reference`, where it is not the one that is checked. */
  readonly role?: string;
}

type Tables = readonly [Table, ...Table[]];

/**
 * As {@link withTable}; of a file that only says where a table of a database is, the table is opened, and the report names the
 * Merkle root of its rows. All is read in one transaction that sees one state, so that the report is about those rows.
 *
 * @throws DataError HF_DATA_DESCRIPTION, HF_DATA_OPTIONS, and as `withTable`
 */
export async function withBoundTable(
  artifact: ArtifactReader,
  options: GivenTableOptions,
  context: Context,
  work: (tables: Tables, walked?: RowDigest) => Promise<Report>,
): Promise<Report> {
  if (!isDescription(artifact)) return withTable(artifact, options, async (tables) => work(tables), context.labels);
  return withOpened(artifact, options, context, async (table) => {
    const walked = (await rowDigest([table], context)) ?? refuseKeyless(artifact);
    return { report: await work([table], walked), tree: walked.tree };
  });
}

/**
 * The same for checks that only DuckDB answers: they are given a copy of the rows, in the order of their keys, which is what
 * the numbers of its rows count.
 *
 * @throws as `withBoundTable`
 */
export async function withCopiedTable(
  artifact: ArtifactReader,
  options: GivenTableOptions,
  context: Context,
  work: (tables: Tables, tree?: RowTree) => Promise<Report>,
): Promise<Report> {
  if (!isDescription(artifact)) return withTable(artifact, options, async (tables) => work(tables), context.labels);
  return withOpened(artifact, options, context, async (table) => {
    const { copy, tree } = (await copyOf(table, options, context.signal)) ?? refuseKeyless(artifact);
    try {
      return { report: await work([copy], tree), tree };
    } finally {
      await copy.close();
    }
  });
}

async function withOpened(
  artifact: ArtifactReader,
  options: GivenTableOptions,
  { rule, role, others = [] }: Context,
  work: (table: Table) => Promise<{ readonly report: Report; readonly tree: RowTree }>,
): Promise<Report> {
  if (others.every((other) => other === undefined || isDescription(other))) requireNoFileOptions(options);
  const table = await openPostgresTable(await readDescription(artifact));
  try {
    const { report, tree } = await work(table);
    await requireUnchanged(artifact);
    return { ...report, findings: [...report.findings, boundTo(tree, table, rule, role)] };
  } finally {
    await table.close();
  }
}

function refuseKeyless({ name }: ArtifactReader): never {
  const message = `the rows of the table that \`${name}\` names have no keys: without an order nothing can be bound to them`;
  throw new DataError('HF_DATA_DESCRIPTION', message, {
    fix: 'name in `keys` the columns that tell its rows apart',
  });
}

function boundTo(
  { root }: RowTree,
  { rows, keys }: Table,
  { id, severity }: Rule,
  role: string | undefined,
): Report['findings'][0] {
  const of = role === undefined ? '' : ` of the ${role}`;
  const message = `the ${rows} rows${of}, in the order of ${keys.map((key) => `\`${key}\``).join(', ')}, have the Merkle root sha256:${root}`;
  return { rule: id, severity, message };
}

function requireNoFileOptions(options: GivenTableOptions): void {
  const odd = fileOptionOf(options);
  if (odd === undefined) return;
  throw new DataError('HF_DATA_OPTIONS', `the option \`${odd}\` is about files, not about tables of a database`);
}
