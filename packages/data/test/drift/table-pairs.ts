import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { census, published } from '../anomaly/published-tables.ts';

/** Two published tables, or two parts of one, and how they are read. */
export interface TablePair {
  readonly current: string;
  readonly reference: string;
  readonly options: {
    readonly names?: readonly string[];
    readonly missing?: readonly string[];
    readonly trim?: boolean;
  };
}

type Skip = (reason: string) => void;

/** The pairs that tools/peers/record-drift.py looks at, cut as it cuts them; written into a folder where they are no files. */
export function tablePair(name: string, folder: string, skip: Skip): TablePair {
  if (name === 'census') {
    const options = { names: census.names, missing: census.missing, trim: true };
    return { current: published('adult-test.csv', skip), reference: published('adult-train.csv', skip), options };
  }
  const file = files[name];
  if (file === undefined) throw new Error(`no pair of tables is called ${name}`);
  const [header, lines] = linesOf(published(file, skip), name === 'compas');
  const [now, before] = parts[name]?.(lines) ?? [[], []];
  const written = (part: string, rows: readonly string[]): string => {
    const path = join(folder, `${name}-${part}.csv`);
    if (!existsSync(path)) writeFileSync(path, `${[...header, ...rows].join('\n')}\n`);
    return path;
  };
  const width = now[0]?.split(',').length ?? 0;
  const names = header.length > 0 ? {} : { names: Array.from({ length: width }, (_, at) => `column ${at}`) };
  return { current: written('current', now), reference: written('reference', before), options: names };
}

const files: Readonly<Record<string, string>> = {
  ...{ german: 'german.csv', pima: 'pima-indians-diabetes.csv', compas: 'compas-two-years.csv' },
  ...{ sonar: 'sonar.csv', 'sonar-halves': 'sonar.csv' },
};

function linesOf(path: string, hasNames: boolean): [header: string[], lines: string[]] {
  const lines = readFileSync(path, 'utf8')
    .split(/\r?\n/)
    .filter((line) => line !== '');
  return hasNames ? [lines.slice(0, 1), lines.slice(1)] : [[], lines];
}

type Cut = (lines: readonly string[]) => [current: readonly string[], reference: readonly string[]];

const byLabel = (lines: readonly string[], label: string): string[] =>
  lines.filter((line) => line.endsWith(`,${label}`)).map((line) => line.slice(0, line.lastIndexOf(',')));

const halves: Cut = (lines) => [lines.filter((_, at) => at % 2 === 0), lines.filter((_, at) => at % 2 === 1)];

const parts: Readonly<Record<string, Cut>> = {
  german: (lines) => [lines.slice(600), lines.slice(0, 600)],
  pima: (lines) => [byLabel(lines, '1'), byLabel(lines, '0')],
  sonar: (lines) => [byLabel(lines, 'M'), byLabel(lines, 'R')],
  'sonar-halves': halves,
  compas: halves,
};
