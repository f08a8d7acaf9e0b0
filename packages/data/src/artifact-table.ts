import { join } from 'node:path';
import { openTable, type Table, type TableOptions } from '@holdfast/dataset';
import type { ArtifactReader, Coverage } from '@holdfast/evidence/check';
import { digestArtifact } from '@holdfast/evidence/digest/artifact';
import { sameDigests } from '@holdfast/evidence/statement';
import { DataError } from './errors.ts';
import { tableOptions } from './table-options.ts';

/**
 * Opens an artifact as a table, lets `work` look at it, and makes sure afterwards that the bytes are those that were
 * digested: what somebody wrote to meanwhile is no ground for a report. A folder gives one part (shard) a file.
 *
 * @throws DataError HF_DATA_ARTIFACT, HF_DATA_CHANGED; DatasetError
 */
export async function withTable<Result>(
  artifact: ArtifactReader,
  options: TableOptions,
  work: (tables: readonly [Table, ...Table[]]) => Promise<Result>,
): Promise<Result> {
  const isFolder = artifact.digest['dirHash'] !== undefined || artifact.files.length !== 1;
  const paths = isFolder ? artifact.files.map(({ name }) => join(artifact.path, name)) : [artifact.path];
  const tables: Table[] = [];
  try {
    for (const path of paths) tables.push(await openTable(path, tableOptions(options)));
    const [first, ...others] = tables;
    if (first === undefined) throw new DataError('HF_DATA_ARTIFACT', `\`${artifact.name}\` holds no file`);
    requireAlike(artifact.name, first, others);
    const result = await work([first, ...others]);
    await requireUnchanged(artifact);
    return result;
  } finally {
    for (const table of tables) await table.close();
  }
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
