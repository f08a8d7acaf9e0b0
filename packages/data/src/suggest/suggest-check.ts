import { parse } from 'node:path';
import type { Table, TableOptions } from '@holdfast/dataset';
import type { ArtifactReader, Check, CheckContext, CheckDescription, Report } from '@holdfast/evidence/check';
import { coverageOf } from '../artifact-table.ts';
import { boundRule } from '../database/bound-rule.ts';
import { withCopiedTable } from '../database/bound-table.ts';
import { tableFiles } from '../folder/table-files.ts';
import type { RowTree } from '../metrics/merkle.ts';
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

const rule = boundRule('data.suggest');

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
    rules: [rule],
    load: async () =>
      Promise.resolve({
        run: async (artifact, given, context) => {
          const options = readOptions(suggestSchema, given) as unknown as SuggestOptions;
          const bound = { signal: context.signal, rule, labels: context.inputs['labels'] };
          return withCopiedTable(artifact, options, bound, async (tables, tree): Promise<Report> => {
            const suite = await madeOf(artifact, options, { tables, tree }, context);
            made(suite);
            const metrics = { expectations: suite.suggestions.length };
            return { verdict: 'pass', origin: 'measured', metrics, findings: [], coverage: coverageOf(tables) };
          });
        },
      } satisfies Check),
  };
}

async function madeOf(
  artifact: ArtifactReader,
  options: SuggestOptions,
  { tables, tree }: { readonly tables: readonly [Table, ...Table[]]; readonly tree: RowTree | undefined },
  context: CheckContext,
): Promise<MadeSuite> {
  const values = !options.hideValues && isShown(artifact);
  const asked = { ...tableOptions(options), digest: false, correlations: false, values };
  const progress = (done: number): void => {
    context.progress(done / 2);
  };
  const profile = await profileOf(tables, asked, { signal: context.signal, progress });
  const isCsv = tree === undefined && tableFiles(artifact, options.format).format === 'csv';
  const suite = await suggestSuite(tables, profile, { margin: options.margin, isCsv, signal: context.signal });
  const name = options.name ?? parse(artifact.path).name.replace(/\.table$/, '');
  return { ...suite, name, text: suiteText(name, suite, about(artifact, options, profile, tree)) };
}

/** Where the suite came from, for those who find it later. */
function about(
  { name, digest }: ArtifactReader,
  options: SuggestOptions,
  { rows, values }: { readonly rows: number; readonly values: string },
  tree: RowTree | undefined,
): Record<string, Json> {
  const read = Object.entries(tableOptions(options)).filter(([key]) => key !== 'memory' && key !== 'threads');
  return {
    version: dataVersion,
    ...{ artifact: name, digest: { ...digest }, rows, margin: options.margin, values },
    ...(tree === undefined ? {} : { root: `sha256:${tree.root}` }),
    ...(read.length === 0 ? {} : { read: Object.fromEntries(read) }),
  };
}
