import type { Dialect, TableColumn } from '@holdfast/dataset';
import { countWhere } from '../../metrics/count.ts';
import { type ExpectationType, type Prepared, type Scene, Unanswerable } from '../expectation-type.ts';
import type { Kwargs } from '../kwargs.ts';
import { PatternProcess, PatternUnfinished, type PythonPattern, pythonPattern } from '../patterns/index.ts';
import { type Judge, prepareJudged } from '../texts/judged.ts';
import { pandasTexts } from '../texts/pandas-texts.ts';
import { prepareMap } from '../value-map.ts';
import { matchOn } from './like.ts';

type Runnable = Exclude<PythonPattern, { engine: 'none' }>;

/** Patterns that a suite may have in one list. */
const mostPatterns = 50;

/** Which of several patterns a value has to match. */
interface Demand {
  readonly patterns: readonly Runnable[];
  readonly wants: 'any' | 'all' | 'none';
}

function runnable(source: string): Runnable {
  const pattern = pythonPattern(source);
  if (pattern.engine !== 'none') return pattern;
  throw new Unanswerable(`its pattern cannot be run: ${pattern.message}`);
}

const matching = (name: string, demandOf: (kwargs: Kwargs) => Demand): ExpectationType => ({
  name,
  prepare(kwargs, scene) {
    const column = scene.column(kwargs.text('column'));
    const demand = demandOf(kwargs);
    const { dialect } = scene.tables[0].engine;
    const isWritten = ['text', 'boolean', 'date', 'decimal'].includes(column.type);
    const holds = isWritten ? inSql(dialect, pandasTexts(column, scene, false).sql, demand) : undefined;
    if (holds === undefined) return inProcess(kwargs, scene, column, demand);
    return prepareMap(kwargs, scene, {
      isMissing: `${column.value} IS NULL`,
      unexpected: `${column.value} IS NOT NULL AND NOT COALESCE(${holds}, FALSE)`,
      columns: [column],
    });
  },
});

/** Where the engine has RE2, and RE2 every pattern. */
function inSql(dialect: Dialect, text: string, { patterns, wants }: Demand): string | undefined {
  if (dialect.name !== 'duckdb') return undefined;
  const each = patterns.map((pattern) => (pattern.engine === 're2' ? dialect.matches(text, pattern.re2) : undefined));
  if (each.includes(undefined)) return undefined;
  if (wants === 'none') return `NOT (${each.join(' OR ')})`;
  return `(${each.join(wants === 'any' ? ' OR ' : ' AND ')})`;
}

function inProcess(kwargs: Kwargs, scene: Scene, column: TableColumn, demand: Demand): Prepared {
  const missing = countWhere(`${column.value} IS NULL`);
  let hasMissing = true;
  const prepared = prepareJudged(
    kwargs,
    scene,
    column,
    () => judgeOf(demand),
    () => pandasTexts(column, scene, hasMissing),
  );
  return {
    metrics: [...prepared.metrics, missing],
    judge(found) {
      hasMissing = found.get(missing) > 0;
      return prepared.judge(found);
    },
  };
}

/** One process for each pattern, which is ended with the judge. */
function judgeOf({ patterns, wants }: Demand): Judge {
  const processes = patterns.map(({ javascript }) => new PatternProcess(javascript));
  return {
    async judge(texts) {
      const found = await Promise.all(processes.map(async (each) => answers(each, texts)));
      return texts.map((_, index) => {
        const matches = found.map((each) => each[index] === true);
        if (wants === 'none') return !matches.includes(true);
        return wants === 'any' ? matches.includes(true) : !matches.includes(false);
      });
    },
    close() {
      for (const each of processes) each.close();
    },
  };
}

async function answers(process: PatternProcess, texts: readonly string[]): Promise<boolean[]> {
  try {
    return await process.matches(texts);
  } catch (error) {
    if (error instanceof PatternUnfinished) throw new Unanswerable(error.message);
    throw error;
  }
}

function listOf(kwargs: Kwargs): readonly Runnable[] {
  const given = kwargs.texts('regex_list');
  if (given.length === 0) kwargs.refuse('regex_list', 'is empty');
  if (given.length > mostPatterns) kwargs.refuse('regex_list', `has more than ${mostPatterns} patterns`);
  return given.map(runnable);
}

/** GX: without a pattern every text fits, since each has the beginning of a text. */
const single = (kwargs: Kwargs): readonly Runnable[] => [
  runnable(kwargs.has('regex') ? kwargs.text('regex') : '(?s).*'),
];

export const regexExpectations: readonly ExpectationType[] = [
  matching('expect_column_values_to_match_regex', (kwargs) => ({ patterns: single(kwargs), wants: 'all' })),
  matching('expect_column_values_to_not_match_regex', (kwargs) => ({ patterns: single(kwargs), wants: 'none' })),
  matching('expect_column_values_to_match_regex_list', (kwargs) => ({
    patterns: listOf(kwargs),
    wants: matchOn(kwargs),
  })),
  matching('expect_column_values_to_not_match_regex_list', (kwargs) => ({ patterns: listOf(kwargs), wants: 'none' })),
];
