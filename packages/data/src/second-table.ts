import type { Table } from '@holdfast/dataset';
import type { ArtifactReader, CheckContext, Report } from '@holdfast/evidence/check';
import { withCopiedTable } from './database/bound-table.ts';
import { DataError } from './errors.ts';
import type { GivenTableOptions } from './table-options.ts';

interface Second {
  readonly reader: ArtifactReader | undefined;
  /** The option that names it. */
  readonly named: 'reference' | 'against';
  readonly inputs: CheckContext['inputs'];
  readonly bound: Parameters<typeof withCopiedTable>[2];
}

type SecondOptions = GivenTableOptions & {
  readonly referenceLabels?: string | undefined;
  readonly againstLabels?: string | undefined;
};

/**
 * Opens the table that another is held against, where there is one. It is read with the options of the first, its labels aside: they
 * are of a file of its own, and the labels of one table alone cannot be held against anything.
 *
 * @throws DataError HF_DATA_OPTIONS, and as `withCopiedTable`
 */
export async function withSecondTable(
  { reader, named, inputs, bound }: Second,
  options: SecondOptions,
  work: (tables: readonly [Table, ...Table[]] | undefined) => Promise<Report>,
): Promise<Report> {
  const option = `${named}Labels` as const;
  const labels = options[option];
  if (reader === undefined) {
    if (labels === undefined) return work(undefined);
    throw new DataError('HF_DATA_OPTIONS', `\`${option}\` has no meaning without \`${named}\``, { where: option });
  }
  if ((labels === undefined) !== (options.labels === undefined)) {
    throw new DataError('HF_DATA_OPTIONS', `\`labels\` and \`${option}\` go together: one of the two is not given`, {
      where: option,
      fix: 'name the labels of both tables, or of none',
    });
  }
  return withCopiedTable(reader, { ...options, labels }, { ...bound, role: 'reference', labels: inputs[option] }, work);
}
