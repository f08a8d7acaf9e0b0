import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Metric, measure, type Profile, type ProfileOptions, profileOf } from '@holdfast/data';
import { openTable, type Table, type TableColumn, type TableOptions } from '@holdfast/dataset';

/** Where the published tables lie, if anywhere. */
export const published =
  process.env['HOLDFAST_ADULT_DATA'] ?? join(import.meta.dirname, '../../../../..', 'shared', 'data');

/** Opens texts of CSV as parts of one table, and closes them. */
export async function withTables<Result>(
  parts: readonly string[],
  work: (tables: readonly [Table, ...Table[]]) => Promise<Result>,
  options: TableOptions = {},
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'profile-'));
  const tables: Table[] = [];
  try {
    for (const [index, text] of parts.entries()) {
      const path = join(folder, `part-${index}.csv`);
      writeFileSync(path, text);
      tables.push(await openTable(path, { format: 'csv', threads: 1, ...options }));
    }
    return await work(tables as [Table, ...Table[]]);
  } finally {
    for (const table of tables) await table.close();
    rmSync(folder, { recursive: true });
  }
}

/** The profile of CSV in one or more parts. */
export async function profileOfText(text: string | readonly string[], options: ProfileOptions = {}): Promise<Profile> {
  return withTables(typeof text === 'string' ? [text] : text, async (tables) => profileOf(tables, options), options);
}

/** The value of a metric of the only column, `x`, of parts with these numbers. */
export async function measured<Value>(
  parts: readonly (readonly number[])[],
  metric: (x: TableColumn, table: Table) => Metric<Value>,
): Promise<Value> {
  const texts = parts.map((values) => ['x,y', ...values.map((value) => `${value},`)].join('\n'));
  return withTables(texts, async (tables) => {
    const [table] = tables;
    // A shard of whole numbers alone is of the same column all the same.
    const x: TableColumn = { name: 'x', type: 'number', native: '', value: table.engine.dialect.double('"x"') };
    const asked = metric(x, table);
    return (await measure(tables, [asked])).get(asked);
  });
}

export function columnNamed(profile: Profile, name: string): Profile['columns'][number] {
  const found = profile.columns.find((column) => column.name === name);
  if (found === undefined) throw new Error(`no column ${name}`);
  return found;
}
