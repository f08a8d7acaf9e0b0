import { parse } from 'node:path';
import type { Table, TableOptions } from '@holdfast/dataset';
import type { ArtifactReader, Check, CheckContext, CheckDescription, Report } from '@holdfast/evidence/check';
import { coverageOf, withTable } from '../artifact-table.ts';
import { tableFiles } from '../folder/table-files.ts';
import { isShown } from '../profile/profile-check.ts';
import { profileOf } from '../profile/profile-of.ts';
import { readOptions } from '../read-options.ts';
import { tableOptions } from '../table-options.ts';
import type { Json } from '../validate/expectation-type.ts';
import { dataVersion } from '../version.ts';
import { suggestSchema } from './options.ts';
import { suggestSuite } from './suggest-suite.ts';
import type { SuggestedSuite } from './suggestion.ts';
import { suiteText } from './suite-text.ts';

/** A suite that was proposed, and its text as Great Expectations stores it. */
export interface MadeSuite extends SuggestedSuite {
  readonly name: string;
  readonly text: string;
}

interface SuggestOptions extends TableOptions {
  readonly margin: number;
  readonly name?: string;
  readonly hideValues: boolean;
}

/**
 * The proposal of a suite as a check, so that reading leaves the traces that reading for a check leaves: it judges nothing,
 * and hands the suite to `made`.
 */
export function suggestCheck(made: (suite: MadeSuite) => void): CheckDescription {
  return {
    name: 'data.suggest',
    version: dataVersion,
    title: 'A suite of expectations that a table meets',
    artifacts: ['dataset'],
    options: suggestSchema,
    inputs: ['labels'],
    headline: ['expectations'],
    rules: [],
    load: async () =>
      Promise.resolve({
        run: async (artifact, given, context) => {
          const options = readOptions(suggestSchema, given) as unknown as SuggestOptions;
          const work = async (tables: readonly [Table, ...Table[]]): Promise<Report> => {
            const suite = await madeOf(artifact, options, tables, context);
            made(suite);
            const metrics = { expectations: suite.suggestions.length };
            return { verdict: 'pass', origin: 'measured', metrics, findings: [], coverage: coverageOf(tables) };
          };
          return withTable(artifact, options, work, context.inputs['labels']);
        },
      } satisfies Check),
  };
}

async function madeOf(
  artifact: ArtifactReader,
  options: SuggestOptions,
  tables: readonly [Table, ...Table[]],
  context: CheckContext,
): Promise<MadeSuite> {
  const values = !options.hideValues && isShown(artifact);
  const asked = { ...tableOptions(options), digest: false, correlations: false, values };
  const progress = (done: number): void => {
    context.progress(done / 2);
  };
  const profile = await profileOf(tables, asked, { signal: context.signal, progress });
  const isCsv = tableFiles(artifact, options.format).format === 'csv';
  const suite = await suggestSuite(tables, profile, { margin: options.margin, isCsv, signal: context.signal });
  const name = options.name ?? parse(artifact.path).name;
  return { ...suite, name, text: suiteText(name, suite, about(artifact, options, profile)) };
}

/** Where the suite came from, for those who find it later. */
function about(
  { name, digest }: ArtifactReader,
  options: SuggestOptions,
  { rows, values }: { readonly rows: number; readonly values: string },
): Record<string, Json> {
  const read = Object.entries(tableOptions(options)).filter(([key]) => key !== 'memory' && key !== 'threads');
  return {
    version: dataVersion,
    ...{ artifact: name, digest: { ...digest }, rows, margin: options.margin, values },
    ...(read.length === 0 ? {} : { read: Object.fromEntries(read) }),
  };
}
