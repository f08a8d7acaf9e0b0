import { createHash } from 'node:crypto';
import type { Cell, Dialect, Table, TableColumn } from '@holdfast/dataset';
import { countWhere } from '../../metrics/count.ts';
import { type ExpectationType, type Outcome, type Prepared, type Scene, Unanswerable } from '../expectation-type.ts';
import type { Kwargs } from '../kwargs.ts';
import { mapOutcome } from '../value-map.ts';

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

/** Values that the first rows are looked for by; of a longer one, its hash. */
const [mostNamed, longestNamed] = [100, 500];

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
    for (const table of scene.tables) {
      for await (const [values, counts] of pieces(table, isPresent, texts, left)) {
        scene.signal.throwIfAborted();
        const fits = await judge.judge(values.map((cell) => texts.text?.(cell) ?? String(cell)));
        values.forEach((value, index) => {
          if (fits[index] !== true) bad.add(value, Number(counts[index]));
        });
      }
    }
  } finally {
    judge.close?.();
  }
  return bad;
}

/** Different values and how often each is there. @throws Unanswerable where they are too many, or one is too long */
async function* pieces(
  { engine, relation }: Table,
  isPresent: string,
  { sql }: Texts,
  left: { values: number; characters: number },
): AsyncGenerator<[values: readonly Cell[], counts: readonly Cell[]]> {
  const { dialect } = engine;
  const groups = `SELECT ${sql} AS t, count(*) AS n FROM ${relation} WHERE ${isPresent} GROUP BY ${sql}`;
  const kept = `CASE WHEN ${dialect.length('t')} <= ${judgedLimits.longest} THEN t END`;
  for await (const [values = [], counts = []] of engine.stream(`SELECT ${kept}, n FROM (${groups}) AS a`)) {
    left.values -= values.length;
    for (const value of values) {
      if (value === null) throw new Unanswerable(`a value has more than ${judgedLimits.longest} characters`);
      left.characters -= String(value).length;
    }
    if (left.values < 0) throw new Unanswerable(`there are more than ${judgedLimits.values} different values`);
    if (left.characters < 0)
      throw new Unanswerable(`the values have more than ${judgedLimits.characters} characters together`);
    yield [values, counts];
  }
}

/** Counts rows, and keeps some values to find the first ones by. */
class BadValues {
  count = 0;
  readonly #dialect: Dialect;
  readonly #sql: string;
  readonly #named: string[] = [];
  readonly #hashed: string[] = [];

  constructor(dialect: Dialect, sql: string) {
    this.#dialect = dialect;
    this.#sql = sql;
  }

  add(value: Cell, count: number): void {
    this.count += count;
    if (this.#named.length + this.#hashed.length >= mostNamed) return;
    const text = String(value);
    if (text.length > longestNamed || text.includes('\0')) this.#hashed.push(hashOf(text));
    else this.#named.push(this.#dialect.literal(text));
  }

  get where(): string {
    const [named, hashed] = [this.#named.join(', '), this.#hashed.join(', ')];
    const isNamed = named === '' ? 'FALSE' : `${this.#sql} IN (${named})`;
    return hashed === '' ? isNamed : `(${isNamed} OR ${this.#dialect.hash(this.#sql)} IN (${hashed}))`;
  }
}

/** As {@link Dialect.hash} has it. */
function hashOf(text: string): string {
  const digest = createHash('md5').update(text, 'utf8').digest('hex');
  return BigInt(`0x${digest.slice(0, 15)}`).toString();
}
