/** A row of one of the files of an artifact. */
export interface RowPlace {
  /** Which file, from 0. */
  readonly part: number;
  /** Its number in the file, from 1; 0 where the engine does not number rows. */
  readonly row: number;
}

/** How many rows a finding names. */
export const namedRows = 100;

/** `rows 3, 17, 20`, or with the number of the file: `rows 1/3, 2/17`. */
export function rowList(rows: readonly RowPlace[], parts: number): string {
  if (rows.some(({ row }) => row === 0)) return '';
  const named = rows.slice(0, namedRows).map(({ part, row }) => (parts > 1 ? `${part + 1}/${row}` : String(row)));
  const about = parts > 1 ? ' (file/row)' : '';
  return `${rows.length === 1 ? 'row' : 'rows'} ${named.join(', ')}${rows.length > namedRows ? ' …' : ''}${about}`;
}
