import { basename } from 'node:path';
import { requireWritable, type Table, type TableOptions, writeTable } from '@holdfast/dataset';
import type { OperationContext } from '@holdfast/evidence/check';
import { digestArtifact } from '@holdfast/evidence/digest/artifact';
import { DataError } from '../errors.ts';
import { ColumnTally } from './column-tally.ts';
import { columnLineage, type Made } from './lineage.ts';
import { openLineageEvent } from './open-lineage.ts';
import { placeText } from './place-text.ts';
import { writtenColumns } from './written-columns.ts';

/** @throws DataError HF_DATA_OPTIONS, DatasetError HF_DATASET_OPTIONS, HF_DATASET_EXISTS */
export function requireOutputs({ output = '', lineage }: Readonly<Record<string, string>>, isForced: boolean): void {
  requireWritable(output, isForced);
  if (lineage === undefined || lineage.toLowerCase().endsWith('.json')) return;
  throw new DataError('HF_DATA_OPTIONS', '`lineage` is a file of JSON, and ends in .json', { where: 'lineage' });
}

interface Asked {
  readonly outputs: Readonly<Record<string, string>>;
  readonly options: TableOptions;
}

/**
 * Writes what a plan makes of a table, and counts what became of its cells.
 *
 * @throws DataError HF_DATA_MASK_CELL, HF_DATA_CHANGED: nothing is written then; as `writeTable`
 */
export async function writeMasked(
  tables: readonly [Table, ...Table[]],
  about: Omit<Made, 'tallies' | 'rows'>,
  { outputs: { output = '', lineage }, options: { memory, threads } }: Asked,
  context: OperationContext,
): Promise<Made> {
  const tallies = about.plan.columns.map((column) => new ColumnTally(column));
  const total = tables.reduce((sum, table) => sum + table.rows, 0);
  const rows = await writeTable(tables, output, writtenColumns(tallies), {
    ...{ signal: context.signal, isForced: context.isForced },
    progress: (done) => {
      context.progress(total === 0 ? 1 : done / total);
    },
    ...(memory === undefined ? {} : { memory }),
    ...(threads === undefined ? {} : { threads }),
  });
  if (rows !== total) throw new DataError('HF_DATA_CHANGED', `${rows} rows were written where there are ${total}`);
  const made = { ...about, tallies, rows };
  if (lineage !== undefined) await writeLineage(made, { output, lineage }, context.isForced);
  return made;
}

async function writeLineage(
  made: Made,
  { output, lineage }: { readonly output: string; readonly lineage: string },
  isForced: boolean,
): Promise<void> {
  const { digests } = await digestArtifact(output, { force: true });
  const event = openLineageEvent(columnLineage(made), {
    from: { name: made.artifact.name, sha256: { ...made.artifact.digest }['sha256'] },
    made: { name: basename(output), sha256: { ...digests }['sha256'] },
    finishedOn: new Date(),
  });
  await placeText(`${JSON.stringify(event, null, 2)}\n`, lineage, isForced);
}
