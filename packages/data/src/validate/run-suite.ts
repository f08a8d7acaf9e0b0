import type { Table, TableColumn } from '@holdfast/dataset';
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
  { parameters = {}, keys = [], rows = 20, signal = new AbortController().signal }: SuiteOptions = {},
): Promise<Judged[]> {
  const keyColumns = keys.map((key) => keyColumn(tables[0], key));
  const prepared = suite.expectations.map((request) =>
    prepare(request, tables, { ...suite.parameters, ...parameters }, signal),
  );
  const metrics = prepared.flatMap((each) => (each.ready === undefined ? [] : each.ready.metrics));
  const found = await measure(tables, metrics, { signal });
  const judged: Judged[] = [];
  for (const each of prepared) {
    const { outcome, reason } = await judge(each, found);
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
  tables: readonly [Table, ...Table[]],
  parameters: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Ready {
  const type = expectationTypes.get(request.type);
  if (type === undefined) return { request, reason: `the expectation \`${request.type}\` is not known` };
  try {
    const kwargs = new Kwargs(withParameters(request.kwargs, parameters), `expectation ${request.position}`);
    const condition = rowCondition(kwargs, tables);
    const ready = underDemands(type.prepare(kwargs, sceneOf(tables, condition?.where, signal)), condition);
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

async function judge({ ready, reason }: Ready, found: Found): Promise<{ outcome?: Outcome; reason?: string }> {
  if (ready === undefined) return { reason: reason ?? 'it was not prepared' };
  try {
    return { outcome: await ready.judge(found) };
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}

/** Of what is about this expectation alone, the reason; all else ends the run. */
function reasonOf(error: unknown): string {
  if (error instanceof Unanswerable || (error instanceof DataError && error.code === 'HF_DATA_SUITE'))
    return error.message;
  throw error;
}

function sceneOf(tables: readonly [Table, ...Table[]], where: string | undefined, signal: AbortSignal): Scene {
  return {
    ...{ tables, signal },
    ...(where === undefined ? {} : { where }),
    column(name) {
      const found = tables[0].columns.find((column) => column.name === name);
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
