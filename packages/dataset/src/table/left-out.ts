import type { DuckDbEngine } from '../engine/duckdb-engine.ts';

/**
 * The number of a row in its file, as an expression over a table of rows in their order from which those of the numbers
 * `leftOut` are missing.
 */
export async function rowsOfFile(engine: DuckDbEngine, table: string, leftOut: readonly number[]): Promise<string> {
  if (leftOut.length === 0) return '(rowid + 1)';
  // so many rows were taken before the one that was left out: as many are left out before what comes at or after it
  const taken = leftOut.map((row, index) => row - index - 1);
  await engine.run('CREATE TABLE left_out (taken BIGINT, left_before BIGINT)');
  for (let at = 0; at < taken.length; at += 1000) {
    const some = taken.slice(at, at + 1000).map((before, index) => `(${before}, ${at + index + 1})`);
    await engine.run(`INSERT INTO left_out VALUES ${some.join(', ')}`);
  }
  await engine.run(`ALTER TABLE ${table} ADD COLUMN "\u0001number" BIGINT`);
  await engine.run(`UPDATE ${table} SET "\u0001number" = rowid + 1`);
  await engine.run(
    `UPDATE ${table} SET "\u0001number" = rowid + 1 + found.left_before FROM (SELECT numbered.rowid AS place, left_out.left_before FROM ${table} AS numbered ASOF JOIN (SELECT taken, max(left_before) AS left_before FROM left_out GROUP BY taken) AS left_out ON numbered.rowid >= left_out.taken) AS found WHERE ${table}.rowid = found.place`,
  );
  await engine.run('DROP TABLE left_out');
  return '"\u0001number"';
}
