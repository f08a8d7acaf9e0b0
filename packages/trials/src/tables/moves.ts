import type { Random } from '@holdfast/statistics';
import type { Ball } from '../attacks/ball.ts';
import { reachOf } from './project.ts';
import type { Field, TableSpace } from './table-space.ts';
import { categoryOf, isChanged, randomize, restore, setCategory, withinBudgets } from './wish.ts';

/** Of one sample at once; where there are more moves, some of them, drawn at random. */
const mostMoves = 192;
/** Moves of several columns at once in each round: what no single column can do. */
const jumps = 12;
/** Whole numbers of a narrow column are all tried, of a wide one only its ends and two more. */
const narrow = 16;

/** Where a search is, and where it came from. */
export interface Standpoint {
  readonly space: TableSpace;
  readonly ball: Ball;
  readonly origin: Float32Array;
  /** The best row so far. */
  readonly from: Float32Array;
  readonly random: Random;
}

/** Rows to ask about next: wishes, which still have to be put onto the rules. */
export function movesFrom(standpoint: Standpoint): Float64Array[] {
  const { space, random } = standpoint;
  const fields = [...space.numbers, ...space.categories];
  const single = fields.flatMap((field) => movesOf(standpoint, field));
  const several = Array.from({ length: fields.length < 2 ? 0 : jumps }, () => jump(standpoint, fields));
  return [...random.shuffle(single).slice(0, mostMoves), ...several];
}

/** One column goes elsewhere, or back to where it was. */
function movesOf(standpoint: Standpoint, field: Field): Float64Array[] {
  const { origin, from } = standpoint;
  const { column } = field;
  const changes: ((row: Float64Array) => void)[] = [];
  if (column.kind === 'categorical' || column.kind === 'one-hot') {
    const now = categoryOf(field, from);
    for (const index of column.categories.keys()) {
      if (index !== now)
        changes.push((row) => {
          setCategory(field, row, index);
        });
    }
  } else {
    for (const value of valuesFor(standpoint, field)) changes.push((row) => (row[field.start] = value));
  }
  if (isChanged(field, from, origin))
    changes.push((row) => {
      restore(field, row, origin);
    });
  return changes.map((change) => changed(standpoint, change, field));
}

/** Two or three columns go anywhere. */
function jump(standpoint: Standpoint, fields: readonly Field[]): Float64Array {
  const { space, ball, origin, random } = standpoint;
  const chosen = random.shuffle([...fields]).slice(0, 2 + random.integer(2));
  return changed(standpoint, (row) => {
    for (const field of chosen) randomize(space, ball, origin, field, row, random);
  });
}

function changed(
  { space, origin, from, random }: Standpoint,
  change: (row: Float64Array) => void,
  keep?: Field,
): Float64Array {
  const row = new Float64Array(from);
  change(row);
  return withinBudgets(space, origin, row, random, keep);
}

function valuesFor({ space, ball, origin, random }: Standpoint, field: Field): number[] {
  const { least, greatest } = reachOf(space, ball, field, origin[field.start] as number);
  if (!(greatest > least)) return [];
  const isWhole = field.column.kind === 'integer';
  if (isWhole && greatest - least < narrow) {
    return Array.from({ length: greatest - least + 1 }, (_, index) => least + index);
  }
  const between = [0, 1].map(() => least + random.uniform() * (greatest - least));
  return [least, greatest, ...(isWhole ? between.map(Math.round) : between)];
}
