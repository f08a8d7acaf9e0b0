import type { Table } from '@holdfast/dataset';
import type { Aggregate, AnyMetric, Found, Metric } from './metric.ts';

/** DuckDB plans a SELECT of some hundred aggregates well, and one of ten thousand badly. */
const bundled = 400;

/**
 * Finds out what is asked, and what that depends on, in as few passes as the dependencies allow: one SELECT with all
 * aggregates a table and pass, and one for each question. The tables are parts (shards) of one.
 *
 * @throws DatasetError, and the reason of `signal` when it is aborted
 */
export async function measure(
  tables: readonly Table[],
  asked: readonly AnyMetric[],
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<Found> {
  const values = new Map<string, unknown>();
  const found: Found = {
    get<Value>({ key }: Metric<Value>): Value {
      if (!values.has(key)) throw new Error(`the metric ${key} was not asked for`);
      return values.get(key) as Value;
    },
  };
  for (const pass of passes(asked)) {
    const states = new Map<string, unknown>();
    for (const table of tables) {
      for await (const [metric, state] of statesOf(table, pass, found)) {
        signal?.throwIfAborted();
        const before = states.get(metric.key);
        states.set(metric.key, states.has(metric.key) ? metric.merge(before, state) : state);
      }
    }
    for (const metric of pass) {
      const value = metric.kind === 'derived' ? metric.value(found) : metric.value(states.get(metric.key), found);
      values.set(metric.key, value);
    }
  }
  return found;
}

async function* statesOf(
  table: Table,
  metrics: readonly AnyMetric[],
  found: Found,
): AsyncGenerator<[metric: Asked, state: unknown]> {
  const aggregates = metrics.filter((metric) => metric.kind === 'aggregate');
  const parts = aggregates.map((metric) => ({ metric, expressions: metric.expressions(table, found) }));
  for (const group of groups(parts)) {
    const expressions = group.flatMap((part) => part.expressions);
    const [row = []] = await table.engine.rows(`SELECT ${expressions.join(', ')} FROM ${table.relation}`);
    let at = 0;
    for (const part of group) {
      yield [part.metric, part.metric.read(row.slice(at, at + part.expressions.length))];
      at += part.expressions.length;
    }
  }
  for (const metric of metrics) {
    if (metric.kind === 'question') yield [metric, metric.read(await table.engine.rows(metric.sql(table, found)))];
  }
}

type Asked = Exclude<AnyMetric, { kind: 'derived' }>;

interface Part {
  readonly metric: Aggregate<unknown, unknown>;
  readonly expressions: readonly string[];
}

function groups(parts: readonly Part[]): Part[][] {
  const found: Part[][] = [];
  let width = Number.POSITIVE_INFINITY;
  for (const part of parts) {
    if (width + part.expressions.length > bundled) {
      found.push([]);
      width = 0;
    }
    found.at(-1)?.push(part);
    width += part.expressions.length;
  }
  return found;
}

/** Each metric once, in the first pass in which all that it needs is known. */
function passes(asked: readonly AnyMetric[]): AnyMetric[][] {
  const depths = new Map<string, number>();
  const found: AnyMetric[][] = [];
  const place = (metric: AnyMetric): number => {
    const known = depths.get(metric.key);
    if (known !== undefined) return known;
    const depth = Math.max(-1, ...(metric.after ?? []).map(place)) + 1;
    depths.set(metric.key, depth);
    (found[depth] ??= []).push(metric);
    return depth;
  };
  for (const metric of asked) place(metric);
  return found;
}
