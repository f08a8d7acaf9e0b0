import type { TableColumn } from '@holdfast/dataset';
import { type Scene, Unanswerable } from '../expectation-type.ts';
import type { Texts } from './judged.ts';
import { pythonNumber } from './python-number.ts';

/**
 * The values of a column as `column.astype(str)` of pandas writes them.
 *
 * @param hasMissing whether some value of the whole column is missing: pandas makes float64 of whole numbers then
 * @throws Unanswerable where the form depends on more than the value
 */
export function pandasTexts(column: TableColumn, { tables: [{ engine }] }: Scene, hasMissing: boolean): Texts {
  const { value, type, native, name } = column;
  const { dialect } = engine;
  const sql = dialect.text(value, type);
  switch (type) {
    case 'text':
      return { sql: value };
    case 'boolean':
      return { sql: `CASE WHEN ${value} THEN 'True' ELSE 'False' END` };
    case 'date':
      return { sql };
    case 'integer':
      return hasMissing ? { sql, text: (cell) => pythonNumber(Number(cell)) } : { sql };
    case 'number':
      if (/^(?:FLOAT|REAL)$/i.test(native)) break;
      return { sql, text: (cell) => pythonNumber(numberOf(String(cell))) };
    case 'decimal':
      // Python writes a small one with an exponent.
      if (Number(/,\s*(\d+)\)/.exec(native)?.[1] ?? 0) > 6) break;
      return { sql };
    case 'time':
    case 'timestamp':
    case 'bytes':
    case 'nested':
      break;
  }
  throw new Unanswerable(`how pandas writes the values of \`${name}\` (${native}) depends on more than each of them`);
}

/** Infinity has several names. */
function numberOf(text: string): number {
  const infinite = /^([+-]?)inf/i.exec(text);
  if (infinite !== null) return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return Number(text);
}
