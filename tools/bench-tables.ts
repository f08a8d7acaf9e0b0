import { cell } from './generate/markdown.ts';

export type BenchRow = Readonly<Record<string, string | number>>;

/** What `run()` of a file in bench/ returns. */
export interface BenchResult {
  readonly name: string;
  readonly rows: readonly BenchRow[];
}

export const beginMarker = '<!-- bench:begin -->';
export const endMarker = '<!-- bench:end -->';

/** Tables, one for each run of rows with the same columns. Numbers to the right. */
export function benchTables({ name, rows }: BenchResult): string {
  const groups: BenchRow[][] = [];
  for (const row of rows) {
    const group = groups.at(-1);
    if (group !== undefined && columnsOf(group).join() === Object.keys(row).join()) group.push(row);
    else groups.push([row]);
  }
  return [`### ${name}`, ...groups.map(markdownTable)].join('\n\n');
}

function columnsOf([first]: readonly BenchRow[]): string[] {
  return Object.keys(first ?? {});
}

function markdownTable(rows: readonly BenchRow[]): string {
  const columns = columnsOf(rows);
  const isNumber = (column: string): boolean =>
    rows.every((row) => typeof row[column] === 'number' || row[column] === '');
  const show = (value: string | number | undefined): string =>
    typeof value === 'number' ? grouped(value) : cell(value ?? '');
  return [
    `| ${columns.map(cell).join(' | ')} |`,
    `|${columns.map((column) => (isNumber(column) ? '---:' : '---')).join('|')}|`,
    ...rows.map((row) => `| ${columns.map((column) => show(row[column])).join(' | ')} |`),
  ].join('\n');
}

/** Three or four digits that mean something. */
function grouped(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : 3;
  return value.toLocaleString('en-GB', { maximumFractionDigits: digits });
}

/** Replaces what stands between the markers of a page. */
export function betweenMarkers(page: string, text: string): string {
  const [begin, end] = [page.indexOf(beginMarker), page.indexOf(endMarker)];
  if (begin < 0 || end < begin) throw new Error(`the page has no \`${beginMarker}\` before \`${endMarker}\``);
  return `${page.slice(0, begin + beginMarker.length)}\n\n${text}\n\n${page.slice(end)}`;
}
