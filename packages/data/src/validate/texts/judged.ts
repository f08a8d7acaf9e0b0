import type { Cell, Table, TableColumn } from '@holdfast/dataset';
import { countWhere } from '../../metrics/count.ts';
import { type ExpectationType, type Outcome, type Prepared, type Scene, Unanswerable } from '../expectation-type.ts';
import type { Kwargs } from '../kwargs.ts';
import { mapOutcome } from '../value-map.ts';
import { BadValues } from './bad-values.ts';

/** Says of texts, some thousand at a time, which are as expected. @throws Unanswerable where there is no telling of one */
export interface Judge {
  judge(texts: readonly string[]): readonly boolean[] | Promise<readonly boolean[]>;
  close?(): void;
}

/** The values of a column as the texts that are judged. */
export interface Texts {
  /** SQL of a text, or of what `text` makes one of. */
  readonly sql: string;
  text?(cell: Cell): string;
}

/** Different values that are judged, their characters all together, and those of one. */
export const judgedLimits = { values: 20_000_000, characters: 2 ** 32, longest: 2 ** 20 };

/**
 * An expectation that SQL cannot judge: each different value is judged once, in JavaScript, and counted as often as it is there.
 *
 * @param judgeOf makes the judge; called once the column is known to have values
 */
export function textJudged(
  name: string,
  judgeOf: (kwargs: Kwargs) => () => Judge,
  textsOf: (column: TableColumn, scene: Scene) => Texts,
): ExpectationType {
  return {
    name,
    prepare(kwargs, scene) {
      const column = scene.column(kwargs.text('column'));
      return prepareJudged(kwargs, scene, column, judgeOf(kwargs), () => textsOf(column, scene));
    },
  };
}

/** The same for an expectation that knows its column. `texts` is asked only if there are values. */
export function prepareJudged(
  kwargs: Kwargs,
  scene: Scene,
  column: TableColumn,
  judgeOf: () => Judge,
  texts: () => Texts,
): Prepared {
  const mostly = kwargs.mostly();
  const isPresent = among(scene, `${column.value} IS NOT NULL`);
  const [elements, present] = [countWhere(scene.where), countWhere(isPresent)];
  return {
    metrics: [elements, present],
    async judge(found): Promise<Outcome> {
      const [all, some] = [found.get(elements), found.get(present)];
      const bad = some === 0 ? undefined : await judged(scene, isPresent, texts(), judgeOf());
      const counts = { elements: all, missing: all - some, unexpected: bad?.count ?? 0 };
      return mapOutcome(counts, mostly, { where: `${isPresent} AND ${bad?.where ?? 'FALSE'}`, columns: [column] });
    },
  };
}

const among = ({ where }: Scene, condition: string): string =>
  where === undefined ? condition : `(${where}) AND (${condition})`;

async function judged(
  scene: Scene,
  isPresent: string,
  texts: Texts,
  judge: Judge,
): Promise<{ readonly count: number; readonly where: string }> {
  const bad = new BadValues(scene.tables[0].engine.dialect, texts.sql);
  const left = { values: judgedLimits.values, characters: judgedLimits.characters };
  try {
    for (const [part, table] of scene.tables.entries()) {
      for await (const [values, counts, firsts] of pieces(table, isPresent, texts, left)) {
        scene.signal.throwIfAborted();
        const fits = await judge.judge(values.map((cell) => texts.text?.(cell) ?? String(cell)));
        values.forEach((value, index) => {
          if (fits[index] !== true) bad.add(value, Number(counts[index]), [part, Number(firsts[index] ?? 0)]);
        });
      }
    }
  } finally {
    judge.close?.();
  }
  return bad;
}

/** Different values, how often each is there, and in which row first. @throws Unanswerable where they are too many, or one is too long */
async function* pieces(
  table: Table,
  isPresent: string,
  { sql }: Texts,
  left: { values: number; characters: number },
): AsyncGenerator<[values: readonly Cell[], counts: readonly Cell[], firsts: readonly Cell[]]> {
  const { engine, relation } = table;
  const { dialect } = engine;
  const groups = `SELECT ${sql} AS t, count(*) AS n, ${firstOf(table)} AS f FROM ${relation} WHERE ${isPresent} GROUP BY ${sql}`;
  const kept = `CASE WHEN ${dialect.length('t')} <= ${judgedLimits.longest} THEN t END`;
  for await (const [values = [], counts = [], firsts = []] of engine.stream(
    `SELECT ${kept}, n, f FROM (${groups}) AS a`,
  )) {
    left.values -= values.length;
    for (const value of values) {
      if (value === null) throw new Unanswerable(`a value has more than ${judgedLimits.longest} characters`);
      left.characters -= String(value).length;
    }
    if (left.values < 0) throw new Unanswerable(`there are more than ${judgedLimits.values} different values`);
    if (left.characters < 0)
      throw new Unanswerable(`the values have more than ${judgedLimits.characters} characters together`);
    yield [values, counts, firsts];
  }
}

/** The first row of a group: its number, or its key where that is one number. */
function firstOf({ rowNumber, keys, columns }: Table): string {
  const [key] = keys.length === 1 ? columns.filter(({ name }) => name === keys[0]) : [];
  const first = rowNumber ?? (key?.type === 'integer' ? key.value : undefined);
  return first === undefined ? 'NULL' : `min(${first})`;
}
