import { DataError } from '../errors.ts';

/** Rows that one quarantine sets aside at most. */
export const mostRows = 1_000_000;

/**
 * The rows that texts such as `3` and `17-20` name, each once, in ascending order.
 *
 * @param total rows that there are
 * @throws DataError HF_DATA_OPTIONS for one that there is not, a range that goes backwards, and more than {@link mostRows}
 */
export function rowNumbers(texts: readonly string[], total: number): readonly number[] {
  const rows = new Set<number>();
  for (const text of texts) {
    const [first = Number.NaN, last = first] = text.split('-').map(Number);
    if (last < first) throw wrong(`the range \`${text}\` goes backwards`);
    if (last > total) throw wrong(`there is no row \`${last}\`: the table has ${total}`);
    if (last - first >= mostRows) throw tooMany();
    for (let row = first; row <= last; row += 1) rows.add(row);
    if (rows.size > mostRows) throw tooMany();
  }
  return [...rows].toSorted((one, other) => one - other);
}

const wrong = (message: string): DataError => new DataError('HF_DATA_OPTIONS', message, { where: 'rows' });

const tooMany = (): DataError => wrong(`more than ${mostRows} rows are not set aside one by one`);

/** Rows as people write them: `3, 17–20 and 41 more`. */
export function rowsText(rows: readonly number[], most = 12): string {
  const runs: { first: number; last: number }[] = [];
  for (const row of rows) {
    const run = runs.at(-1);
    if (run?.last === row - 1) run.last = row;
    else runs.push({ first: row, last: row });
  }
  const shown = runs.slice(0, most);
  const left = rows.length - shown.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  const texts = shown.map(({ first, last }) => (first === last ? String(first) : `${first}–${last}`));
  return left === 0 ? texts.join(', ') : `${texts.join(', ')} and ${left} more`;
}
