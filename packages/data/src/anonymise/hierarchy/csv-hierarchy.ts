import { type Hierarchy, hierarchyOf, type Label, mostLevels, refuse } from './hierarchy.ts';

/** Lines that a file with a hierarchy may have. */
const mostLines = 1_000_000;

/**
 * The hierarchy in a CSV file as ARX reads it: no line of names, one line for each value, which comes first and is followed by what
 * it becomes on each level. Between them stands the first of `;`, `,` and a tab that the first line has outside quotes.
 *
 * @param isNumeric whether `07`, `7` and `7.0` are one value
 * @throws DataError HF_DATA_HIERARCHY
 */
export function csvHierarchy(column: string, values: readonly Label[], text: string, isNumeric: boolean): Hierarchy {
  const rows = linesOf(column, text.replace(/^\u{FEFF}/u, ''));
  const wide = rows[0]?.length ?? 0;
  if (wide < 2) refuse(column, 'has no level: a line needs a value and what it becomes');
  if (wide - 1 > mostLevels) refuse(column, `has more than ${mostLevels} levels`);
  const odd = rows.findIndex((row) => row.length !== wide);
  if (odd >= 0) refuse(column, `has lines of different lengths (line ${odd + 1})`);
  const keyed = (value: Label): string => (isNumeric ? numeric(value ?? '') : (value ?? ''));
  const byValue = new Map<string, readonly string[]>();
  for (const [at, row] of rows.entries()) {
    const key = keyed(row[0] ?? '');
    if (byValue.has(key)) refuse(column, `names a value twice (line ${at + 1})`);
    byValue.set(key, row.slice(1));
  }
  const known = values.map((value) => byValue.get(keyed(value)));
  const unknown = known.filter((row, at) => row === undefined && values[at] !== null).length;
  if (unknown > 0) refuse(column, `lacks ${unknown} of the ${values.length} values of the table`);
  for (const value of values) byValue.delete(keyed(value));
  return levelled(column, values, known, [...byValue.values()], wide - 1);
}

/** A missing value that has no line stays missing, until all values are one. */
function levelled(
  column: string,
  values: readonly Label[],
  known: readonly (readonly string[] | undefined)[],
  outside: readonly (readonly string[])[],
  count: number,
): Hierarchy {
  const above = Array.from({ length: count }, (_, at) => {
    const labels = new Set([...known, ...outside].flatMap((row) => (row === undefined ? [] : [row[at] ?? ''])));
    const missing = labels.size === 1 ? ([...labels][0] ?? null) : null;
    return { name: `level ${at + 1}`, labels: known.map((row) => (row === undefined ? missing : (row[at] ?? ''))) };
  });
  return hierarchyOf(column, values, above, outside);
}

function numeric(text: string): string {
  const number = Number(text);
  return text.trim() === '' || Number.isNaN(number) ? text : String(number);
}

/** Fields of each line, by RFC 4180 with another separator. */
function linesOf(column: string, text: string): string[][] {
  const separator = separatorOf(text);
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    const { field, next } = text[at] === '"' ? quoted(column, text, at) : plain(text, at, separator);
    row.push(field);
    at = next;
    if (text[at] === separator) {
      at += 1;
      if (at === text.length) row.push('');
      else if (text[at] === '\n' || text[at] === '\r') row.push('');
      else continue;
    }
    if (at < text.length && text[at] !== '\n' && text[at] !== '\r') refuse(column, 'has text after a closing quote');
    at += text.startsWith('\r\n', at) ? 2 : 1;
    if (row.length > 1 || row[0] !== '') rows.push(row);
    if (rows.length > mostLines) refuse(column, `has more than ${mostLines} lines`);
    row = [];
  }
  return rows;
}

function separatorOf(text: string): string {
  const first = (/^[^\r\n]*/.exec(text)?.[0] ?? '').replaceAll(/"(?:[^"]|"")*"/g, '');
  return [';', ',', '\t'].find((each) => first.includes(each)) ?? ';';
}

function plain(text: string, from: number, separator: string): { readonly field: string; readonly next: number } {
  let end = from;
  while (end < text.length && text[end] !== separator && text[end] !== '\n' && text[end] !== '\r') end += 1;
  return { field: text.slice(from, end), next: end };
}

function quoted(column: string, text: string, from: number): { readonly field: string; readonly next: number } {
  let field = '';
  for (let at = from + 1; ; ) {
    const end = text.indexOf('"', at);
    if (end < 0) refuse(column, 'has a quote that is not closed');
    field += text.slice(at, end);
    if (text[end + 1] !== '"') return { field, next: end + 1 };
    field += '"';
    at = end + 2;
  }
}
