import { duckdb } from '../dialect/duckdb.ts';
import type { DuckDbEngine } from '../engine/duckdb-engine.ts';
import { cell, type TableDefect } from './table.ts';
import type { TextColumn, Written } from './typed-table.ts';

/** Digits that tell every float64 from its neighbours: more are more than it holds. */
export const enough = 17;
/** Digits of the widest decimal. */
const widest = 38;
/** Columns in one SELECT. */
const bundled = 60;

interface Digits {
  /** Significant digits of the value that has most. */
  readonly most: number;
  /** Before the point, after it. */
  readonly whole: number;
  readonly fraction: number;
  /** Whether some value has an exponent, or is infinite. */
  readonly isScientific: boolean;
}

/**
 * For columns of numbers whose digits are more than a float64 holds: decimals where they fit, texts where they do not. Nothing
 * is rounded without a word.
 */
export async function precise(
  engine: DuckDbEngine,
  columns: readonly TextColumn[],
  number: string,
): Promise<Map<string, Written & { defect?: TableDefect }>> {
  const found = new Map<string, Written & { defect?: TableDefect }>();
  const all = await digitsOf(engine, columns);
  for (const [index, column] of columns.entries()) {
    const digits = all[index];
    if (digits === undefined || digits.most <= enough) continue;
    const { stored, text, name } = column;
    const width = digits.whole + digits.fraction;
    if (!digits.isScientific && width <= widest) {
      const value = `TRY_CAST(trim(${text}) AS DECIMAL(${width}, ${digits.fraction}))`;
      found.set(stored, { type: 'decimal', written: value });
      continue;
    }
    const row = Number(await cell(engine, `SELECT min(${number}) FROM texts WHERE ${significant(text)} > ${enough}`));
    const what = { kind: 'precision', row, column: name, isLeftOut: false } as const;
    if (digits.isScientific) {
      const message = 'a number has more digits than a float64 holds: it is rounded';
      found.set(stored, { type: 'number', written: duckdb.tried(text, 'number'), defect: { ...what, message } });
    } else {
      const message = `a number has more digits than a decimal of ${widest} holds: the column stays text`;
      found.set(stored, { type: 'text', written: text, defect: { ...what, message } });
    }
  }
  return found;
}

/** The number of digits without zeros in front. */
export const significant = (text: string): string =>
  `length(ltrim(regexp_replace(regexp_replace(${text}, '[eE].*$', ''), '[^0-9]', '', 'g'), '0'))`;

async function digitsOf(engine: DuckDbEngine, columns: readonly TextColumn[]): Promise<Digits[]> {
  const found: Digits[] = [];
  for (let at = 0; at < columns.length; at += bundled) {
    const asked = columns
      .slice(at, at + bundled)
      .flatMap(({ text }) => [
        `max(${significant(text)})`,
        `max(length(regexp_extract(trim(${text}), '^[+-]?([0-9]*)', 1)))`,
        `max(length(regexp_extract(${text}, '[.]([0-9]*)', 1)))`,
        `bool_or(regexp_matches(${text}, '[a-zA-Z]'))`,
      ]);
    const [row = []] = await engine.rows(`SELECT ${asked.join(', ')} FROM texts`);
    for (let from = 0; from < row.length; from += 4) {
      const [most, whole, fraction, isScientific] = row.slice(from, from + 4);
      found.push({
        most: Number(most ?? 0),
        whole: Math.max(1, Number(whole ?? 0)),
        fraction: Number(fraction ?? 0),
        isScientific: isScientific === true,
      });
    }
  }
  return found;
}
