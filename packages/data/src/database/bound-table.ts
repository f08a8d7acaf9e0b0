import { openPostgresTable, type Table } from '@holdfast/dataset';
import type { ArtifactReader, Report, Rule } from '@holdfast/evidence/check';
import { requireUnchanged, withTable } from '../artifact-table.ts';
import { DataError } from '../errors.ts';
import { type RowDigest, rowDigest } from '../profile/row-digest.ts';
import { fileOptionOf, type GivenTableOptions } from '../table-options.ts';
import { isDescription, readDescription } from './description.ts';

interface Context {
  readonly signal: AbortSignal;
  /** What the check calls the finding that names the rows. */
  readonly rule: Rule;
  /** What the option `labels` names. */
  readonly labels?: ArtifactReader | undefined;
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
  { signal, rule, labels }: Context,
  work: (tables: Tables, walked?: RowDigest) => Promise<Report>,
): Promise<Report> {
  if (!isDescription(artifact)) return withTable(artifact, options, async (tables) => work(tables), labels);
  requireNoFileOptions(options);
  const table = await openPostgresTable(await readDescription(artifact));
  try {
    const walked = await rowDigest([table], { signal });
    if (walked === undefined) {
      const message = `the rows of the table that \`${artifact.name}\` names have no keys: without an order nothing can be bound to them`;
      throw new DataError('HF_DATA_DESCRIPTION', message, {
        fix: 'name in `keys` the columns that tell its rows apart',
      });
    }
    const report = await work([table], walked);
    await requireUnchanged(artifact);
    return { ...report, findings: [...report.findings, boundTo(walked, table, rule)] };
  } finally {
    await table.close();
  }
}

function boundTo({ tree: { root } }: RowDigest, { rows, keys }: Table, { id, severity }: Rule): Report['findings'][0] {
  const message = `the ${rows} rows, in the order of ${keys.map((key) => `\`${key}\``).join(', ')}, have the Merkle root sha256:${root}`;
  return { rule: id, severity, message };
}

function requireNoFileOptions(options: GivenTableOptions): void {
  const odd = fileOptionOf(options);
  if (odd === undefined) return;
  throw new DataError('HF_DATA_OPTIONS', `the option \`${odd}\` is about files, not about tables of a database`);
}
