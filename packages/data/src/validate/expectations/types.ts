import type { ColumnType, TableColumn } from '@holdfast/dataset';
import { countWhere } from '../../metrics/count.ts';
import type { ExpectationType, Outcome } from '../expectation-type.ts';
import type { Kwargs } from '../kwargs.ts';

/** Names by which Python, NumPy, pandas and SQL call what a column holds; the first is the one that is shown. */
const names: Readonly<Record<ColumnType, readonly string[]>> = {
  boolean: ['bool', 'bool_', 'bool8', 'boolean', 'BOOLEAN', 'BOOL', 'BooleanType'],
  integer: ['int', 'integer', 'INTEGER', 'int_', 'long', 'IntegerType', 'LongType'],
  decimal: ['Decimal', 'DECIMAL', 'NUMERIC', 'DecimalType'],
  number: [
    'float',
    'float64',
    'float_',
    'double',
    'DOUBLE',
    'DOUBLE_PRECISION',
    'FLOAT',
    'Float64',
    'FloatType',
    'DoubleType',
  ],
  text: ['str', 'string', 'TEXT', 'VARCHAR', 'String', 'CHAR', 'StringType', 'unicode'],
  date: ['date', 'DATE', 'datetime.date', 'DateType'],
  time: ['time', 'TIME', 'datetime.time'],
  timestamp: [
    'datetime64',
    'datetime64[ns]',
    'datetime64[us]',
    'Timestamp',
    'datetime',
    'TIMESTAMP',
    'DATETIME',
    'TimestampType',
  ],
  bytes: ['bytes', 'BLOB', 'BINARY', 'VARBINARY', 'BinaryType'],
  nested: ['list', 'dict', 'JSON', 'ARRAY', 'STRUCT', 'ArrayType', 'MapType', 'StructType'],
};

/** Widths of whole numbers, by what DuckDB and PostgreSQL call them. */
const widths: Readonly<Record<string, readonly string[]>> = {
  TINYINT: ['int8', 'Int8', 'TINYINT'],
  SMALLINT: ['int16', 'Int16', 'SMALLINT'],
  INTEGER: ['int32', 'Int32', 'INT'],
  BIGINT: ['int64', 'Int64', 'BIGINT'],
  UTINYINT: ['uint8', 'UInt8'],
  USMALLINT: ['uint16', 'UInt16'],
  UINTEGER: ['uint32', 'UInt32'],
  UBIGINT: ['uint64', 'UInt64'],
};

/** A file of texts says nothing about widths: it is read as 64 bits, as pandas does. */
const widthOf = ({ native }: TableColumn): string => {
  const width = native.toUpperCase();
  return Object.hasOwn(widths, width) ? width : 'BIGINT';
};

function isOfType(column: TableColumn, wanted: string): boolean {
  if (names[column.type].includes(wanted) || column.native === wanted) return true;
  return column.type === 'integer' && (widths[widthOf(column)] ?? []).includes(wanted);
}

export function shownType(column: TableColumn): string {
  const [first = column.type] = column.type === 'integer' ? (widths[widthOf(column)] ?? []) : names[column.type];
  return first;
}

const typed = (name: string, wanted: (kwargs: Kwargs) => readonly string[]): ExpectationType => ({
  name,
  prepare(kwargs, scene) {
    const column = scene.column(kwargs.text('column'));
    const types = wanted(kwargs);
    kwargs.raw('mostly');
    const missing = countWhere(`${column.value} IS NULL`);
    return {
      metrics: [missing],
      judge(found): Outcome {
        // pandas has whole numbers with a gap as floats, and a suite that was written for it says so.
        const isFloat = column.type === 'integer' && found.get(missing) > 0;
        const isMet = (type: string): boolean => isOfType(column, type) || (isFloat && names.number.includes(type));
        return { success: types.some(isMet), observed: shownType(column) };
      },
    };
  },
});

export const typeExpectations: readonly ExpectationType[] = [
  typed('expect_column_values_to_be_of_type', (kwargs) => [kwargs.text('type_')]),
  typed('expect_column_type_to_be', (kwargs) => [kwargs.text('type_')]),
  typed('expect_column_values_to_be_in_type_list', (kwargs) => kwargs.texts('type_list')),
];
