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
