import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** How the columns of a labelled table are called. */
export type Naming = 'helpful' | 'unhelpful' | 'misleading';

/** A column of which somebody else said what it holds; see tools/peers/record-columns.py. */
export interface LabelledColumn {
  readonly kind: 'entity' | 'text' | 'decoy' | 'beyond';
  readonly types: readonly string[];
  readonly template: string;
  readonly checked: boolean;
  readonly headers: Readonly<Record<Naming, string>>;
  readonly noise: number;
  readonly cells: readonly (string | null)[];
}

export interface LabelledTable {
  readonly country: string;
  readonly rows: number;
  readonly columns: readonly LabelledColumn[];
}

const file = new URL('../fixtures/pii-columns.json.gz', import.meta.url);

export function labelledTables(): readonly LabelledTable[] {
  const { tables } = JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as { tables: LabelledTable[] };
  return tables;
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** A labelled table as CSV; names that two columns share are told apart by their places. */
export function csvOf({ columns, rows }: LabelledTable, naming: Naming): { text: string; names: string[] } {
  const names = columns.map(({ headers }, at) => {
    const own = headers[naming];
    return columns.some((other, before) => before < at && other.headers[naming] === own) ? `${own} ${at}` : own;
  });
  const lines = Array.from({ length: rows }, (_, row) => columns.map(({ cells }) => quoted(cells[row] ?? '')));
  return { text: [names.map(quoted), ...lines].map((line) => line.join(',')).join('\n'), names };
}
