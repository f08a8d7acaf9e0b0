import { shown } from '../errors.ts';
import type { TableDefect } from './table.ts';

export interface NamedColumn {
  /** As the checks know it. */
  readonly name: string;
  /** As the engine knows it, to which `a` and `A` are one. */
  readonly stored: string;
}

/**
 * Names that are told apart, by everybody; those of pandas (`read_csv`), so that a suite that was written with it finds its columns
 * here. The second `a` is `a.1`, or the next that is no name of the file; a column without a name is `Unnamed: 2`, of which the number
 * is its place from 0; blanks around a name belong to it. Each of the three is a defect by which no value is lost: whoever
 * asks for `a` may mean another column than the first.
 */
export function columnNames(names: readonly string[]): { columns: NamedColumn[]; defects: TableDefect[] } {
  const told = toldApart(
    names.map((name, index) => (name === '' ? `Unnamed: ${index}` : name)),
    names,
  );
  const [stored, free] = [new Set<string>(['rowid']), freeNames()];
  const columns = told.map((name) => {
    const lower = free(name.toLowerCase(), stored);
    stored.add(lower);
    return { name, stored: lower === name.toLowerCase() ? name : lower };
  });
  return { columns, defects: names.flatMap((given, index) => defectOf(given, told[index] ?? '', index)) };
}

/** What has a name is seen to first, as pandas does: a column without one gives way. */
function toldApart(names: readonly string[], given: readonly string[]): string[] {
  const [told, taken, counts] = [[...names], new Set(names), new Map<string, number>()];
  const places = [...names.keys()];
  const isBlank = (index: number): boolean => given[index] === '';
  for (const index of [...places.filter((place) => !isBlank(place)), ...places.filter(isBlank)]) {
    const name = names[index] ?? '';
    let [count, found] = [counts.get(name) ?? 0, name];
    while (count > 0) {
      counts.set(name, count + 1);
      found = `${name}.${count}`;
      count = taken.has(found) ? count + 1 : (counts.get(found) ?? 0);
    }
    told[index] = found;
    taken.add(found);
    counts.set(found, count + 1);
  }
  return told;
}

function defectOf(given: string, column: string, index: number): TableDefect[] {
  const say = (kind: TableDefect['kind'], message: string): TableDefect => ({
    kind,
    message,
    column,
    isLeftOut: false,
  });
  if (given === '') return [say('blank-name', `column ${index + 1} has no name: it is called ${shown(column)}`)];
  const isPadded = given.trim() !== given;
  return [
    ...(given === column
      ? []
      : [
          say(
            'duplicate-name',
            `the name ${shown(given)} is there more than once: column ${index + 1} is called ${shown(column)}`,
          ),
        ]),
    ...(isPadded
      ? [say('padded-name', `the blanks around the name ${shown(column)} belong to it; \`trim: true\` takes them off`)]
      : []),
  ];
}

/** A name with a number behind it where it is taken; of ten thousand equal names the numbers go on where they were. */
function freeNames(): (name: string, taken: ReadonlySet<string>) => string {
  const numbers = new Map<string, number>();
  return (name, taken) => {
    if (!taken.has(name)) return name;
    for (let number = numbers.get(name) ?? 2; ; number += 1) {
      if (taken.has(`${name} (${number})`)) continue;
      numbers.set(name, number + 1);
      return `${name} (${number})`;
    }
  };
}
