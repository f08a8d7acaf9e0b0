import { type ColumnOption, readSamples, type SampleOptions } from '@holdfast/dataset';
import { formatOf } from '@holdfast/dataset/format';
import type { Bounds } from '../attacks/ball.ts';
import { TrialsError } from '../errors.ts';
import type { TableColumn, TableColumns } from './columns.ts';
import type { Task } from './head.ts';
import { layoutOf, widthOf } from './table-space.ts';

/** Rows of a file, laid out as their columns say. */
export interface TableRows {
  readonly columns: TableColumns;
  /** [N·width] */
  readonly x: Float32Array;
  /** [N] Classes, or the values that are right. */
  readonly labels: Int32Array | Float32Array;
  /** What classes are called, where the file says. */
  readonly classes: readonly string[] | undefined;
}

export interface RowsRequest {
  /** For messages. */
  readonly data: string;
  readonly task: Task;
  readonly label?: string;
  /** Undefined: every number by itself, between these bounds. */
  readonly columns: TableColumns | undefined;
  readonly bounds: Bounds;
}

/**
 * Reads rows and labels. Texts of categories become their codes, or zeros and a one; a file of an array holds the numbers
 * of a row as they are.
 * @throws TrialsError HF_TRIALS_DATA; DatasetError
 */
export async function readRows(path: string, request: RowsRequest): Promise<TableRows> {
  const { data, task, label, columns } = request;
  const isNamed = ['csv', 'parquet', 'json-lines'].includes(formatOf(path));
  const options: SampleOptions = {
    ...(label === undefined ? {} : { label }),
    ...(task === 'regression' ? { targets: true } : {}),
    ...(columns === undefined || !isNamed ? {} : { columns: columns.columns.flatMap(wanted) }),
  };
  const read = await readSamples(path, options);
  const labels = task === 'regression' ? read.targets : read.labels;
  if (labels === undefined) throw new TrialsError('HF_TRIALS_DATA', `\`${data}\` has no labels`);
  const size = read.shape.slice(1).reduce((product, each) => product * each, 1);
  const { classes } = read;
  if (columns !== undefined && isNamed)
    return { columns, x: encoded(columns, read.values, labels.length), labels, classes };
  const odd = read.columns?.find(({ kind }) => kind === 'categorical');
  if (columns === undefined && odd !== undefined) {
    throw new TrialsError('HF_TRIALS_DATA', `the column \`${odd.name}\` of \`${data}\` is no number`, {
      fix: 'say with `columns` what the columns are',
    });
  }
  const known =
    columns ??
    plainColumns(
      size,
      request.bounds,
      read.columns?.map(({ name }) => name),
    );
  const width = widthOf(layoutOf(known));
  if (size === width) return { columns: known, x: read.values, labels, classes };
  throw new TrialsError('HF_TRIALS_DATA', `a row of \`${data}\` has ${size} numbers, its columns say ${width}`, {
    fix: 'list every column of the array, a one-hot group once; for those that the model does not take say `input: false`',
  });
}

/** How a column of the declaration stands in a file with names. */
function wanted(column: TableColumn): ColumnOption[] {
  const { name } = column;
  if (column.kind === 'one-hot') {
    if (column.columns !== undefined) return column.columns.map((each) => ({ name: each, kind: 'numeric' }));
    return [{ name, kind: 'categorical', categories: column.categories }];
  }
  const isText = column.kind === 'categorical' && !column.isCoded;
  return [isText ? { name, kind: 'categorical', categories: column.categories } : { name, kind: 'numeric' }];
}

/** One number a column becomes as many as the layout says. */
function encoded(columns: TableColumns, values: Float32Array, rows: number): Float32Array {
  const fields = layoutOf(columns);
  const width = widthOf(fields);
  const size = values.length / Math.max(rows, 1);
  const x = new Float32Array(rows * width);
  for (let row = 0; row < rows; row += 1) {
    let from = row * size;
    for (const { column, start, width: own } of fields) {
      const at = row * width + start;
      if (column.kind === 'one-hot' && column.columns === undefined) {
        x[at + (values[from] as number)] = 1;
        from += 1;
        continue;
      }
      x.set(values.subarray(from, from + own), at);
      from += own;
    }
  }
  return x;
}

/** Every number by itself, in its own unit. */
function plainColumns(size: number, { low, high }: Bounds, names: readonly string[] | undefined): TableColumns {
  const columns = Array.from({ length: size }, (_, index) => ({
    ...{ name: names?.[index] ?? String(index), kind: 'numeric' as const, low, high },
    ...{ immutable: false, input: undefined, change: undefined, direction: undefined },
  }));
  return { scale: 'unit', changes: undefined, categoryChanges: undefined, columns, rules: [] };
}
