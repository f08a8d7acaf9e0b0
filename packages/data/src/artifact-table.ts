import { openTable, type Table } from '@holdfast/dataset';
import type { ArtifactReader, Coverage } from '@holdfast/evidence/check';
import { digestArtifact } from '@holdfast/evidence/digest/artifact';
import { sameDigests } from '@holdfast/evidence/statement';
import { DataError } from './errors.ts';
import { withPartitions } from './folder/partitions.ts';
import { tableFiles } from './folder/table-files.ts';
import { type GivenTableOptions, tableOptions } from './table-options.ts';

/**
 * Opens an artifact as a table, lets `work` look at it, and makes sure afterwards that the bytes are those that were
 * digested: what somebody wrote to meanwhile is no ground for a report. A folder gives one part (shard) a file, or one table of images;
 * see {@link tableFiles}.
 *
 * @param labels what the option `labels` names
 * @throws DataError HF_DATA_ARTIFACT, HF_DATA_CHANGED, HF_DATA_OPTIONS; DatasetError
 */
export async function withTable<Result>(
  artifact: ArtifactReader,
  options: GivenTableOptions,
  work: (tables: readonly [Table, ...Table[]]) => Promise<Result>,
  labels?: ArtifactReader,
): Promise<Result> {
  const { format, files } = tableFiles(artifact, options.format);
  const beside = labelsPath(options, labels, files.length);
  const how = { ...tableOptions({ ...options, labels: beside }), format };
  const tables: Table[] = [];
  try {
    for (const { path, partitions } of files) {
      const table = await openTable(path, how);
      tables.push(table);
      tables[tables.length - 1] = withPartitions(table, partitions);
    }
    const [first, ...others] = tables;
    if (first === undefined) throw new DataError('HF_DATA_ARTIFACT', `\`${artifact.name}\` holds no file`);
    requireAlike(artifact.name, first, others);
    const result = await work([first, ...others]);
    await requireUnchanged(artifact);
    if (labels !== undefined) await requireUnchanged(labels);
    return result;
  } finally {
    for (const table of tables) await table.close();
  }
}

/** Where the file with the labels lies. @throws DataError HF_DATA_ARTIFACT, HF_DATA_OPTIONS */
function labelsPath(
  { labels: named }: GivenTableOptions,
  labels: ArtifactReader | undefined,
  parts: number,
): string | undefined {
  if (named === undefined) return undefined;
  if (labels === undefined) throw new DataError('HF_DATA_ARTIFACT', `there is no \`${named}\``, { where: 'labels' });
  if (parts === 1 && labels.digest['dirHash'] === undefined && labels.files.length === 1) return labels.path;
  throw new DataError('HF_DATA_OPTIONS', '`labels` is one file, and holds the labels of one other file', {
    fix: 'name two files, or write both into one: an npz with `x` and `y`',
  });
}

function requireAlike(name: string, first: Table, others: readonly Table[]): void {
  const shape = ({ columns }: Table): string => JSON.stringify(columns.map((column) => [column.name, column.type]));
  if (others.every((table) => shape(table) === shape(first))) return;
  throw new DataError('HF_DATA_ARTIFACT', `the files of \`${name}\` do not have the same columns`);
}

/** @throws DataError HF_DATA_CHANGED where an artifact is no longer what was digested */
export async function requireUnchanged({ name, path, digest }: ArtifactReader): Promise<void> {
  const { digests } = await digestArtifact(path, { force: true });
  if (sameDigests({ ...digests }, digest)) return;
  throw new DataError('HF_DATA_CHANGED', `\`${name}\` is not what was digested: something wrote to it meanwhile`);
}

/** What of the files was looked at, in rows. */
export function coverageOf(tables: readonly Table[]): Coverage {
  const left = tables.flatMap(({ defects }) => defects.filter(({ isLeftOut }) => isLeftOut));
  return {
    examined: tables.reduce((sum, { rows }) => sum + rows, 0),
    total: tables.reduce((sum, { total }) => sum + total, 0),
    left: left.slice(0, 1000).map(({ message, row }) => (row === undefined ? message : `row ${row}: ${message}`)),
  };
}
