import { DataError } from '../../errors.ts';

/** Text of a value, or of what it was generalised to; null is a missing value. */
export type Label = string | null;

/** One level of a hierarchy: what each value of the column becomes. */
export interface Level {
  /** What is done to the values, one line. */
  readonly name: string;
  /** By code of a value: the code of what it becomes. */
  readonly codes: Int32Array;
  /** By code of what a value becomes: its text. */
  readonly labels: readonly Label[];
  /** By code of what a value becomes: how many values of the domain become it. */
  readonly leaves: Float64Array;
}

/**
 * A domain generalisation hierarchy (Samarati and Sweeney, 1998): the values of a column, and for each level what they become.
 * Level 0 changes nothing; whatever is equal on one level is equal on all above it.
 */
export interface Hierarchy {
  readonly column: string;
  readonly values: readonly Label[];
  readonly levels: readonly [Level, ...Level[]];
  /** The levels with those that change nothing of these values. */
  readonly declared: readonly [Level, ...Level[]];
  /** Values of the domain: those of the table, and of a hierarchy from a file all that it names. */
  readonly domain: number;
}

/** Levels that a hierarchy may have beside its values. */
export const mostLevels = 32;

/** What each value of a column becomes on a level above the first. */
export interface LabelledLevel {
  readonly name: string;
  readonly labels: readonly Label[];
}

/** What text stands for everything. */
export const root = '*';

/**
 * The hierarchy with the levels that are told, without those that change nothing against the one below.
 *
 * @param values the different values of the column; texts are as the table writes them
 * @param above from the finest to the coarsest, one label for each value
 * @param outside values of the domain that the table does not have, with their labels
 * @throws DataError HF_DATA_HIERARCHY where what is equal on one level is different above it
 */
export function hierarchyOf(
  column: string,
  values: readonly Label[],
  above: readonly LabelledLevel[],
  outside: readonly (readonly Label[])[] = [],
): Hierarchy {
  if (above.length > mostLevels) refuse(column, `has more than ${mostLevels} levels`);
  const levels: [Level, ...Level[]] = [levelOf('as it is', values, outside, -1)];
  const declared: [Level, ...Level[]] = [levels[0]];
  for (const [at, { name, labels }] of above.entries()) {
    const level = levelOf(name, labels, outside, at);
    const below = levels[levels.length - 1] ?? level;
    requireNested(column, below, level);
    declared.push(level);
    if (level.labels.length < below.labels.length) levels.push(level);
  }
  return { column, values, levels, declared, domain: values.length + outside.length };
}

function levelOf(name: string, labels: readonly Label[], outside: readonly (readonly Label[])[], at: number): Level {
  const known = new Map<Label, number>();
  const codes = Int32Array.from(labels, (label) => {
    const code = known.get(label) ?? known.size;
    known.set(label, code);
    return code;
  });
  const leaves = new Float64Array(known.size);
  for (const code of codes) leaves[code] = (leaves[code] ?? 0) + 1;
  if (at >= 0) {
    for (const row of outside) {
      const code = known.get(row[at] ?? null);
      if (code !== undefined) leaves[code] = (leaves[code] ?? 0) + 1;
    }
  }
  return { name, codes, labels: [...known.keys()], leaves };
}

function requireNested(column: string, below: Level, level: Level): void {
  const becomes = new Int32Array(below.labels.length).fill(-1);
  for (const [value, code] of below.codes.entries()) {
    const above = level.codes[value] ?? -1;
    if (becomes[code] === -1) becomes[code] = above;
    else if (becomes[code] !== above)
      refuse(column, `has values that are equal at "${below.name}" and not at "${level.name}"`);
  }
}

/** @throws DataError HF_DATA_HIERARCHY; no value of the data may stand in `what` */
export function refuse(column: string, what: string, fix?: string): never {
  throw new DataError('HF_DATA_HIERARCHY', `the hierarchy of the column \`${column.slice(0, 200)}\` ${what}`, {
    where: `column ${column.slice(0, 200)}`,
    ...(fix === undefined ? {} : { fix }),
  });
}
