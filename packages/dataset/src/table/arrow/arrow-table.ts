import { isUtf8 } from 'node:buffer';
import type * as Arrow from 'apache-arrow';
import type { DuckDbEngine, LoadedPart } from '../../engine/duckdb-engine.ts';
import { loadDuckDb } from '../../engine/load-duckdb.ts';
import { DatasetError, shown } from '../../errors.ts';
import { type GivenColumn, loadedTable, pieceOf } from '../loaded-table.ts';
import type { Table, TableDefect } from '../table.ts';
import { framesOf } from './arrow-frames.ts';
import { type ArrowValues, arrowValues } from './arrow-values.ts';
import { loadArrow } from './load-arrow.ts';
import { problemOf } from './whole-data.ts';

interface ArrowColumn extends GivenColumn {
  readonly values: ArrowValues;
  readonly isText: boolean;
}

/** An Arrow file or stream, one record batch at a time. */
export async function arrowTable(engine: DuckDbEngine, path: string): Promise<Table> {
  const [arrow, duck] = [await loadArrow(), await loadDuckDb()];
  const defects: TableDefect[] = [];
  try {
    const reader = arrow.RecordBatchReader.from(framesOf(path)) as Arrow.RecordBatchStreamReader;
    reader.open();
    const columns = (reader.schema as Arrow.Schema | undefined)?.fields.map((field): ArrowColumn => {
      const type = field.type as Arrow.DataType;
      const inner = arrow.DataType.isDictionary(type) ? (type.dictionary as Arrow.DataType) : type;
      const values = arrowValues(type, arrow, duck);
      return {
        ...{ name: field.name, type: values.type, native: nameOf(type), values },
        isNested: values.isNested === true,
        isText: arrow.DataType.isUtf8(inner) || arrow.DataType.isLargeUtf8(inner),
      };
    });
    if (columns === undefined || columns.length === 0) refuse(path, 'has no columns');
    for (const { name, values } of columns) {
      if (values.loses === undefined) continue;
      const message = `the type of the column ${shown(name)} is read without ${values.loses}`;
      defects.push({ kind: 'precision', message, column: name, isLeftOut: false });
    }
    const table = await loadedTable(engine, columns, partsOf(reader, columns, path, defects), []);
    return { ...table, defects: [...table.defects, ...defects] };
  } catch (cause) {
    if (cause instanceof DatasetError) throw cause;
    const said = cause instanceof Error ? cause.message : String(cause);
    const hint = said.includes('codec')
      ? 'is compressed; write it without compression'
      : `is not well-formed: ${said.slice(0, 100)}`;
    throw new DatasetError('HF_DATASET_FORMAT', `${shown(path)} ${hint}`, { where: path, cause });
  }
}

/** Every type of Arrow writes its own name, which the declarations do not say. */
const nameOf = (type: { toString: () => string }): string => type.toString().slice(0, 200);

function* partsOf(
  reader: Arrow.RecordBatchStreamReader,
  columns: readonly ArrowColumn[],
  path: string,
  defects: TableDefect[],
): Generator<LoadedPart> {
  const pieces = pieceOf(columns.length);
  for (const batch of reader) {
    const data = columns.map(
      (_, index) => batch.data.children[index] ?? refuse(path, 'has a batch with fewer columns'),
    );
    for (const [index, each] of data.entries()) {
      const problem = problemOf(each, batch.numRows);
      if (problem !== undefined)
        refuse(path, `has a record batch whose column ${shown(columns[index]?.name ?? '')} ${problem}`);
      texts(each, columns[index], defects);
    }
    for (let from = 0; from < batch.numRows; from += pieces) {
      const length = Math.min(pieces, batch.numRows - from);
      yield columns.map(({ values }, index) => {
        const column = data[index] as Arrow.Data;
        return Array.from({ length }, (_, row) => (column.getValid(from + row) ? values.at(column, from + row) : null));
      });
    }
  }
}

/** Texts that are none would be read with other letters in them. */
function texts(data: Arrow.Data, column: ArrowColumn | undefined, defects: TableDefect[]): void {
  if (column?.isText !== true) return;
  const parts = data.dictionary === undefined ? [data] : data.dictionary.data;
  if (parts.every(({ values }) => values === undefined || isUtf8(values as Uint8Array))) return;
  const message = `the column ${shown(column.name)} holds bytes that are no UTF-8`;
  if (defects.every((defect) => defect.kind !== 'encoding' || defect.column !== column.name)) {
    defects.push({ kind: 'encoding', message, column: column.name, isLeftOut: true });
  }
}

function refuse(path: string, problem: string): never {
  throw new DatasetError('HF_DATASET_FORMAT', `${shown(path)} ${problem}`, { where: path });
}
