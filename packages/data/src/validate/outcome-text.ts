import type { Cell } from '@holdfast/dataset';
import type { Json, Outcome } from './expectation-type.ts';
import type { ExpectationRequest } from './suite.ts';
import type { UnexpectedRow } from './unexpected-rows.ts';

/** Rows that a message tells of; where the others are stands beside it. */
const told = 5;
/** Characters that a message may have. */
const longest = 2000;

/** One paragraph about an expectation that does not hold: what was asked of which column, what was seen, in which rows. */
export function outcomeText(
  { type, kwargs }: ExpectationRequest,
  { observed, counts }: Outcome,
  rows: readonly UnexpectedRow[],
  isHidden: boolean,
): string {
  const columns = [kwargs['column'], kwargs['column_A'], kwargs['column_B'], kwargs['column_list']].flat();
  const named = columns.filter((each) => typeof each === 'string').map((name) => `\`${shortened(name)}\``);
  const parts = [`${type}${named.length === 0 ? '' : ` of ${named.join(', ')}`}`];
  if (counts !== undefined)
    parts.push(`${counts.unexpected} of ${counts.elements - counts.missing} values are unexpected`);
  if (observed !== undefined && !(isHidden && !isNumeric(observed)))
    parts.push(`seen: ${shortened(JSON.stringify(observed), 300)}`);
  if (rows.length > 0)
    parts.push(
      rows
        .slice(0, told)
        .map((row) => rowText(row, isHidden))
        .join('; '),
    );
  return parts.join(': ').slice(0, longest);
}

const isNumeric = (observed: Json): boolean => typeof observed === 'number' || observed === null;

function rowText({ part, row, keys, values }: UnexpectedRow, isHidden: boolean): string {
  const place = [...(part === undefined ? [] : [`file ${part}`]), ...(row === undefined ? [] : [`row ${row}`])];
  const shown = isHidden ? Object.entries(keys) : [...Object.entries(keys), ...Object.entries(values)];
  const pairs = shown.map(([name, value]) => `${shortened(name)} = ${cellText(value)}`);
  return [...place, ...(pairs.length === 0 ? [] : [`(${pairs.join(', ')})`])].join(' ');
}

const cellText = (value: Cell): string => shortened(value === null ? 'nothing' : String(value));

/** Short, without what a terminal would obey. */
function shortened(text: string, characters = 60): string {
  const safe = text.slice(0, characters + 1).replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '\u{FFFD}');
  return safe.length > characters ? `${safe.slice(0, characters)}…` : safe;
}

/** Where the rows are that are known: `rows 28, 62`, or `file 2: row 7`. */
export function rowsText(rows: readonly UnexpectedRow[]): string | undefined {
  const numbered = rows.filter(({ row }) => row !== undefined);
  if (numbered.length === 0) return undefined;
  return numbered
    .map(({ part, row }) => `${part === undefined ? '' : `file ${part}: `}row ${row ?? 0}`)
    .join(', ')
    .slice(0, longest);
}
