import type { ArtifactReader } from '@holdfast/evidence/check';
import type { ColumnLineage } from '@holdfast/evidence/predicates/column-lineage';
import { dataVersion } from '../version.ts';
import type { ColumnTally } from './column-tally.ts';
import type { BoundPlan } from './plan/bound-plan.ts';

/** What was made of a table, for evidence about it. */
export interface Made {
  readonly operation: string;
  readonly artifact: Pick<ArtifactReader, 'name' | 'digest'>;
  readonly plan: BoundPlan;
  readonly tallies: readonly ColumnTally[];
  /** Rows that were read, and written. */
  readonly rows: number;
  readonly keyId: string | undefined;
}

/** What every column was made from, by which method with which parameters, and what became of its cells. */
export function columnLineage({ operation, artifact, plan, tallies, rows, keyId }: Made): ColumnLineage {
  return {
    operation: { name: operation, version: dataVersion },
    from: { name: artifact.name, digest: { ...artifact.digest }, rows },
    rows,
    ...(keyId === undefined ? {} : { keyId }),
    columns: tallies.map(({ column, changed, unchanged, missing, failed }) => ({
      ...{ name: column.name, from: [...new Set([column.name, ...column.transformation.beside])] },
      ...{ method: column.method, parameters: told(column.parameters) },
      cells: { changed, unchanged, missing, failed: Object.fromEntries(failed) },
      ...(column.transformation.epsilon === undefined ? {} : { epsilon: column.transformation.epsilon }),
    })),
    dropped: [...plan.dropped],
  };
}

/** With the seed of noise whoever reads this could take it away. */
const told = ({ seed, ...parameters }: Readonly<Record<string, unknown>>): Record<string, unknown> => ({
  ...parameters,
  ...(seed === undefined ? {} : { seed: 'not shown' }),
});
