import { DatasetError, type Table, type TableColumn } from '@holdfast/dataset';
import { DataError } from '../errors.ts';
import { measure } from '../metrics/measure.ts';
import type { Found } from '../metrics/metric.ts';
import { type Outcome, type Prepared, type Scene, Unanswerable } from './expectation-type.ts';
import { expectationTypes } from './expectations/index.ts';
import { Kwargs } from './kwargs.ts';
import { withParameters } from './parameters.ts';
import { rowCondition, underDemands } from './row-condition.ts';
import type { ExpectationRequest, Suite } from './suite.ts';
import { type UnexpectedRow, unexpectedRows } from './unexpected-rows.ts';

export interface SuiteOptions {
  /** What parameters of the suite stand for, before what the suite itself says. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Columns whose values tell a row apart, shown beside its number. */
  readonly keys?: readonly string[];
  /** Rows that are shown of each expectation that does not hold. */
  readonly rows?: number;
  readonly signal?: AbortSignal;
  /** What the table is called in queries. */
  readonly name?: string;
  /** Other tables that expectations may name. */
  readonly others?: ReadonlyMap<string, Table>;
}

/** What came of one expectation; with neither an outcome nor a reason it does not exist. */
export interface Judged {
  readonly request: ExpectationRequest;
  readonly outcome?: Outcome;
  /** Why nothing can be said: the verdict is `unknown`. */
  readonly reason?: string;
  readonly rows: readonly UnexpectedRow[];
}

/**
 * Holds a table against every expectation of a suite: all that they need is measured together, then each one is judged, and
 * of those that do not hold the first rows are looked up.
 *
 * @throws DatasetError; DataError HF_DATA_OPTIONS
 */
export async function runSuite(
  tables: readonly [Table, ...Table[]],
  suite: Suite,
  options: SuiteOptions = {},
): Promise<Judged[]> {
  const { parameters = {}, keys = [], rows = 20, signal = new AbortController().signal } = options;
  const { name = 'data', others = new Map<string, Table>() } = options;
  const keyColumns = keys.map((key) => keyColumn(tables[0], key));
  const prepared = suite.expectations.map((request) =>
    prepare(request, { ...suite.parameters, ...parameters }, { tables, signal, name, others }),
  );
  const found = await measuredTogether(tables, prepared, signal);
  const judged: Judged[] = [];
  for (const each of prepared) {
    const { outcome, reason } = await judge(each, found ?? (async (metrics) => measure(tables, metrics, { signal })));
    signal.throwIfAborted();
    const wanted = outcome?.success === false ? outcome.unexpected : undefined;
    const shown = wanted === undefined ? [] : await unexpectedRows(tables, wanted, keyColumns, rows);
    judged.push({
      ...{ request: each.request, rows: shown },
      ...(outcome === undefined ? {} : { outcome }),
      ...(reason === undefined ? {} : { reason }),
    });
  }
  return judged;
}

interface Ready {
  readonly request: ExpectationRequest;
  readonly ready?: Prepared;
  readonly reason?: string;
}

function prepare(
  request: ExpectationRequest,
  parameters: Readonly<Record<string, unknown>>,
  around: Omit<Scene, 'where' | 'column'>,
): Ready {
  const type = expectationTypes.get(request.type);
  if (type === undefined) return { request, reason: `the expectation \`${request.type}\` is not known` };
  try {
    const kwargs = new Kwargs(withParameters(request.kwargs, parameters), `expectation ${request.position}`);
    const condition = rowCondition(kwargs, around.tables);
    const ready = underDemands(type.prepare(kwargs, sceneOf(around, condition?.where)), condition);
    const [unread] = kwargs.unread().filter((name) => !ignored.has(name));
    if (unread !== undefined) return { request, reason: `its argument \`${unread}\` is not understood` };
    return { request, ready };
  } catch (error) {
    return { request, reason: reasonOf(error) };
  }
}

/** What says how a result is to look, or where GX finds the data. */
const ignored = new Set([
  ...['result_format', 'include_config', 'catch_exceptions', 'batch_id', 'meta', 'description', 'notes', 'windows'],
  ...['severity', 'id', 'rendered_content', 'auto', 'profiler_config'],
]);

/** All metrics in one go; nothing where the engine could not answer, so that each expectation has to be asked alone. */
async function measuredTogether(
  tables: readonly Table[],
  prepared: readonly Ready[],
  signal: AbortSignal,
): Promise<Found | undefined> {
  try {
    return await measure(
      tables,
      prepared.flatMap(({ ready }) => ready?.metrics ?? []),
      { signal },
    );
  } catch (error) {
    if (isOneQuestion(error)) return undefined;
    throw error;
  }
}

/** Whether an error is about one of many questions to the engine, such as a sum that it cannot hold. */
const isOneQuestion = (error: unknown): boolean =>
  error instanceof Unanswerable ||
  error instanceof RangeError ||
  (error instanceof DatasetError && error.code === 'HF_DATASET_QUERY');

type Ask = (metrics: Prepared['metrics']) => Promise<Found>;

async function judge({ ready, reason }: Ready, found: Found | Ask): Promise<{ outcome?: Outcome; reason?: string }> {
  if (ready === undefined) return { reason: reason ?? 'it was not prepared' };
  try {
    return { outcome: await ready.judge(typeof found === 'function' ? await found(ready.metrics) : found) };
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}

/** Of what is about this expectation alone, the reason; all else ends the run. */
function reasonOf(error: unknown): string {
  const isAboutIt = isOneQuestion(error) || (error instanceof DataError && error.code === 'HF_DATA_SUITE');
  if (error instanceof Error && isAboutIt) return error.message;
  throw error;
}

function sceneOf(around: Omit<Scene, 'where' | 'column'>, where: string | undefined): Scene {
  return {
    ...around,
    ...(where === undefined ? {} : { where }),
    column(name) {
      const found = around.tables[0].columns.find((column) => column.name === name);
      if (found === undefined) throw new Unanswerable(`there is no column \`${name}\``);
      return found;
    },
  };
}

function keyColumn({ columns }: Table, name: string): TableColumn {
  const found = columns.find((column) => column.name === name);
  if (found === undefined)
    throw new DataError('HF_DATA_OPTIONS', `there is no column \`${name}\`, which \`keys\` names`);
  return found;
}
