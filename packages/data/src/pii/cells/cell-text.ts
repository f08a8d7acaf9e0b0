import type { Cell, Dialect, TableColumn } from '@holdfast/dataset';

/** The SQL of a column's cells as they are looked at; nothing where they can say nothing, as yes and no. */
export function cellSql({ type, value, native }: TableColumn, dialect: Dialect): string | undefined {
  if (type === 'boolean') return undefined;
  if (type === 'nested') return native === 'VARCHAR' ? value : `CAST(to_json(${value}) AS VARCHAR)`;
  return dialect.text(value, type);
}

/** What a cell says, and whether it is of bytes that are no text. */
export interface CellText {
  readonly text: string;
  readonly isBinary?: true;
}

const strict = new TextDecoder('utf-8', { fatal: true });

/** The text of a cell; nothing of one without a value. */
export function cellText(cell: Cell, { type }: TableColumn): CellText | undefined {
  if (cell === null) return undefined;
  const text = String(cell);
  if (type === 'bytes') return bytesText(Buffer.from(text, 'hex'));
  if (type === 'number' || type === 'decimal') return { text: wholeText(text) };
  return { text };
}

/** Bytes that are no UTF-8 are looked at letter by letter: words in them are found, whatever stands around. */
function bytesText(bytes: Buffer): CellText {
  try {
    return { text: strict.decode(bytes) };
  } catch {
    return { text: bytes.toString('latin1'), isBinary: true };
  }
}

/** A whole number that was stored as a float, such as `4.1e+15` and `123456789.0`, as its digits. */
function wholeText(text: string): string {
  const plain = text.replace(/[.]0+$/, '');
  if (!/[eE]/.test(plain)) return plain;
  const value = Number(plain);
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? BigInt(value).toString() : plain;
}
