import type { Table } from '@holdfast/dataset';
import { DatasetError } from '@holdfast/dataset/errors';
import type { ArtifactReader, CheckContext, Report, Rule } from '@holdfast/evidence/check';
import { coverageOf } from '../artifact-table.ts';
import { withCopiedTable } from '../database/bound-table.ts';
import { DataError } from '../errors.ts';
import type { SpanFinder } from '../names/span-finder.ts';
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
  { minConfidence, samples, sampleKey, classifier, ...options }: LookingOptions,
  { signal, inputs, ...told }: CheckContext,
  { rule, reportOf }: { readonly rule: Rule; readonly reportOf: (looked: Looked) => Report },
): Promise<Report> {
  const hash = await sampleHash(keyOf(sampleKey, inputs['sampleKey']));
  const report = (done: number): void => {
    told.progress(done);
  };
  const finder = classifier === undefined ? undefined : await finderOf(inputs['classifier'], classifier);
  const looking = { ...{ signal, progress: report, hash, samples, minConfidence }, finder };
  try {
    return await withCopiedTable(artifact, options, { signal, rule, labels: inputs['labels'] }, async (tables) => {
      const data = await personalDataOf(tables, looking);
      return reportOf({ data, coverage: coverageWith(tables, data), names: tables[0].columns.map(({ name }) => name) });
    });
  } catch (error) {
    throw withoutValues(error);
  } finally {
    await finder?.close();
  }
}

/** @throws DataError HF_DATA_ARTIFACT */
function keyOf(named: string | undefined, artifact: ArtifactReader | undefined): ArtifactReader | undefined {
  if (named === undefined || artifact !== undefined) return named === undefined ? undefined : artifact;
  throw new DataError('HF_DATA_ARTIFACT', `there is no \`${named}\``, { where: 'sampleKey' });
}

/** @throws DataError HF_DATA_ARTIFACT; as `openSpanFinder` */
async function finderOf(artifact: ArtifactReader | undefined, named: string): Promise<SpanFinder> {
  if (artifact === undefined) {
    throw new DataError('HF_DATA_ARTIFACT', `there is no \`${named}\``, { where: 'classifier' });
  }
  const { openSpanFinder } = await import('../names/open-span-finder.ts');
  return openSpanFinder(artifact);
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
