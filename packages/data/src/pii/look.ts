import type { Table } from '@holdfast/dataset';
import { DatasetError } from '@holdfast/dataset/errors';
import type { ArtifactReader, CheckContext, Report, Rule } from '@holdfast/evidence/check';
import { coverageOf } from '../artifact-table.ts';
import { withCopiedTable } from '../database/bound-table.ts';
import type { LookingOptions } from './options.ts';
import { type PersonalData, personalDataOf } from './personal-data.ts';
import { sampleHash } from './samples.ts';

/** What a table was found to hold, and what of it was looked at. */
export interface Looked {
  readonly data: PersonalData;
  readonly coverage: Report['coverage'];
  /** The names of the columns; none of them may be shown as it is. */
  readonly names: readonly string[];
}

/** Looks through a table, and makes a report of what is there. @throws DataError, DatasetError; none with a value */
export async function lookThrough(
  artifact: ArtifactReader,
  { minConfidence, samples, sampleKey, ...options }: LookingOptions,
  { signal, inputs, progress }: CheckContext,
  { rule, reportOf }: { readonly rule: Rule; readonly reportOf: (looked: Looked) => Report },
): Promise<Report> {
  const hash = await sampleHash(sampleKey === undefined ? undefined : inputs['sampleKey']);
  const report = (done: number): void => {
    progress(done);
  };
  const looking = { ...{ signal, progress: report, hash, samples, minConfidence }, finder: undefined };
  try {
    return await withCopiedTable(artifact, options, { signal, rule, labels: inputs['labels'] }, async (tables) => {
      const data = await personalDataOf(tables, looking);
      return reportOf({ data, coverage: coverageWith(tables, data), names: tables[0].columns.map(({ name }) => name) });
    });
  } catch (error) {
    throw withoutValues(error);
  }
}

function coverageWith(tables: readonly [Table, ...Table[]], { left }: PersonalData): Report['coverage'] {
  const coverage = coverageOf(tables);
  return {
    ...coverage,
    left: [...(coverage.total === 0 ? ['the table has no row'] : []), ...coverage.left, ...left].slice(0, 10_000),
  };
}

/** What the engine says of a value that it stumbled over may hold it. */
function withoutValues(error: unknown): unknown {
  if (!(error instanceof DatasetError) || error.code !== 'HF_DATASET_QUERY') return error;
  return new DatasetError('HF_DATASET_QUERY', 'DuckDB could not answer a question about the table');
}
