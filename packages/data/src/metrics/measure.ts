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
    parts: tables.length,
    get<Value>({ key }: Metric<Value>): Value {
      if (!values.has(key)) throw new Error(`the metric ${key} was not asked for`);
      return values.get(key) as Value;
    },
    has: ({ key }) => values.has(key),
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
  for (const group of groups(partsOf(table, metrics, found))) {
    const asked = group.some(({ expressions }) => expressions.length > 0) ? selectOf(table, group) : undefined;
    const [row = []] = asked === undefined ? [] : await table.engine.rows(asked);
    let at = 0;
    for (const part of group) {
      yield [part.metric, part.metric.read(row.slice(at, at + part.expressions.length))];
      at += part.expressions.length;
    }
  }
  for (const metric of metrics) {
    if (metric.kind !== 'question') continue;
    const sql = metric.sql(table, found);
    yield [metric, metric.read(sql === undefined ? [] : await table.engine.rows(sql), found)];
  }
}

type Asked = Exclude<AnyMetric, { kind: 'derived' }>;

interface Part {
  readonly metric: Aggregate<unknown, unknown>;
  readonly expressions: readonly string[];
  readonly shared: { readonly name: string; readonly sql: string } | undefined;
}

function partsOf(table: Table, metrics: readonly AnyMetric[], found: Found): Part[] {
  const aggregates = metrics.filter((metric) => metric.kind === 'aggregate');
  return aggregates.map((metric, index) => {
    const sql = metric.shared?.(table, found);
    const name = table.engine.dialect.identifier(`shared by aggregate ${index}`);
    const shared = sql === undefined ? undefined : { name, sql };
    return { metric, expressions: metric.expressions(table, found, name), shared };
  });
}

function selectOf({ relation }: Table, parts: readonly Part[]): string {
  const expressions = parts.flatMap((part) => part.expressions);
  const shared = parts.flatMap((part) =>
    part.shared === undefined ? [] : [`${part.shared.sql} AS ${part.shared.name}`],
  );
  const source = shared.length === 0 ? relation : `(SELECT *, ${shared.join(', ')} FROM ${relation}) AS a`;
  return `SELECT ${expressions.join(', ')} FROM ${source}`;
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

/** Each metric once, in the first pass in which all that it needs is known, and what may spare it. */
function passes(asked: readonly AnyMetric[]): AnyMetric[][] {
  const all = new Set<string>();
  const collect = (metric: AnyMetric): void => {
    if (all.has(metric.key)) return;
    all.add(metric.key);
    for (const each of metric.after ?? []) collect(each);
  };
  for (const metric of asked) collect(metric);
  const depths = new Map<string, number>();
  const found: AnyMetric[][] = [];
  const place = (metric: AnyMetric): number => {
    const known = depths.get(metric.key);
    if (known !== undefined) return known;
    const eased = (metric.eased ?? []).filter(({ key }) => all.has(key));
    const depth = Math.max(-1, ...[...(metric.after ?? []), ...eased].map(place)) + 1;
    depths.set(metric.key, depth);
    (found[depth] ??= []).push(metric);
    return depth;
  };
  for (const metric of asked) place(metric);
  return found;
}
