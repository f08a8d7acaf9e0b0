import type { TableColumn } from './table.ts';

const zoned = / with time zone$/;

/**
 * The type of DuckDB that holds what a column of PostgreSQL holds, by the name that `format_type` writes.
 *
 * @returns nothing for a decimal whose digits are not declared, or are more than DuckDB has
 */
export function copiedType({ type, native }: TableColumn): string | undefined {
  switch (type) {
    case 'boolean':
      return 'BOOLEAN';
    case 'integer':
      return native === 'smallint' ? 'SMALLINT' : native === 'integer' ? 'INTEGER' : 'BIGINT';
    case 'number':
      return native === 'real' ? 'FLOAT' : 'DOUBLE';
    case 'decimal':
      return declared(native);
    case 'date':
      return 'DATE';
    case 'time':
      return zoned.test(native) ? 'TIME WITH TIME ZONE' : 'TIME';
    case 'timestamp':
      return zoned.test(native) ? 'TIMESTAMP WITH TIME ZONE' : 'TIMESTAMP';
    case 'bytes':
      return 'BLOB';
    case 'text':
    case 'nested':
      return 'VARCHAR';
  }
}

function declared(native: string): string | undefined {
  const [, width, scale] = /^numeric\((\d+),(\d+)\)$/.exec(native) ?? [];
  if (width === undefined || Number(width) > 38 || Number(scale) > Number(width)) return undefined;
  return `DECIMAL(${width},${scale ?? 0})`;
}
