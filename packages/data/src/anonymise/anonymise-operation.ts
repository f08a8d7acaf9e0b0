import { requireWritable, type Table } from '@holdfast/dataset';
import type { Operation, OperationContext, Report } from '@holdfast/evidence/check';
import { coverageOf } from '../artifact-table.ts';
import { boundRule } from '../database/bound-rule.ts';
import { withCopiedTable } from '../database/bound-table.ts';
import { DataError } from '../errors.ts';
import { readOptions } from '../read-options.ts';
import { type AnonymiseOptions, anonymiseSchema } from './options.ts';
import { publish } from './publish.ts';
import { reportOf } from './report-of.ts';
import { rolesOf } from './roles.ts';
import { type Scene, sceneOf } from './scene.ts';
import { OptimalSearch, type SearchResult } from './search/optimal-search.ts';

type Tables = readonly [Table, ...Table[]];

/** Numbers of four bytes that classes may take in memory during the search. */
const held = 40_000_000;

/** The operation behind `anonymiseOperation`. */
export const anonymiseRun: Operation = {
  async run(artifact, { output = '' }, given, context) {
    const options = readOptions(anonymiseSchema, given) as unknown as AnonymiseOptions;
    requireWritable(output, context.isForced);
    const bound = { signal: context.signal, rule: boundRule('data.anonymise') };
    return withCopiedTable(artifact, options, { ...bound, labels: context.inputs['labels'] }, async (tables) =>
      withPopulation(options, context, async (population) => {
        const roles = rolesOf(options, tables[0]);
        const scene = await sceneOf(tables, population, options, context);
        context.progress(0.2);
        const result = await searched(scene, options, context);
        const { best } = result;
        if (best === undefined) throw nothingFound(result);
        await publish(tables, { path: output, scene, solution: best, roles }, options, context);
        context.progress(1);
        return reportOf({ scene, result: { ...result, best }, roles, tables, coverage: coverageOf(tables) }, options);
      }),
    );
  },
};

async function withPopulation(
  options: AnonymiseOptions,
  { inputs, signal }: OperationContext,
  work: (population: Tables | undefined) => Promise<Report>,
): Promise<Report> {
  if (options.population === undefined) return work(undefined);
  const reader = inputs['population'];
  if (reader === undefined) {
    throw new DataError('HF_DATA_ARTIFACT', `there is no \`${options.population}\``, { where: 'population' });
  }
  const bound = { signal, rule: boundRule('data.anonymise'), role: 'population' };
  return withCopiedTable(reader, { ...options, labels: undefined }, bound, work);
}

/** Searches, and lets others have a turn now and then. */
async function searched(
  { combinations, criteria, utility, read }: Scene,
  { nodes, seconds, suppression }: AnonymiseOptions,
  context: OperationContext,
): Promise<SearchResult> {
  const end = performance.now() + seconds * 1000;
  const most = Math.floor(suppression * read.rows);
  const isOver = (): boolean => performance.now() > end;
  const search = new OptimalSearch(combinations, criteria, utility, most, { nodes, isOver, held }).run();
  let turn = performance.now();
  for (;;) {
    const { done, value } = search.next();
    if (done === true) return value;
    if (performance.now() - turn < 50) continue;
    await new Promise((resolve) => setImmediate(resolve));
    context.signal.throwIfAborted();
    context.progress(0.2 + 0.6 * (1 - Math.exp(-value / 1000)));
    turn = performance.now();
  }
}

function nothingFound({ isOptimal, visited }: SearchResult): DataError {
  if (isOptimal)
    return new DataError('HF_DATA_ANONYMITY', 'no way of generalising the columns fulfils what is asked for');
  const message = `none was found among the ${visited} ways of generalising that were looked at`;
  return new DataError('HF_DATA_ANONYMITY', message, { fix: 'raise `seconds` or `nodes`, or ask for less' });
}
