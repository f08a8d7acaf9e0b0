import { shown } from '../errors.ts';
import type { TableDefect } from './table.ts';

export interface NamedColumn {
  /** As the checks know it: that of the file, with ` (2)` where it is there for the second time. */
  readonly name: string;
  /** As the engine knows it, to which `a` and `A` are one. */
  readonly stored: string;
}

/** Names that are told apart, by everybody. */
export function columnNames(names: readonly string[]): { columns: NamedColumn[]; defects: TableDefect[] } {
  const [taken, stored] = [new Set<string>(names.filter((name) => name !== '')), new Set<string>(['rowid'])];
  const [seen, defects] = [new Set<string>(), [] as TableDefect[]];
  const free = freeNames();
  const columns = names.map((given, index) => {
    const name =
      given === '' ? free(`column ${index + 1}`, taken, false) : seen.has(given) ? free(given, taken) : given;
    if (name !== given && given !== '') {
      const message = `the name ${shown(given)} is there more than once: one of them is called ${shown(name)}`;
      defects.push({ kind: 'duplicate-name', message, column: name, isLeftOut: false });
    }
    seen.add(given);
    taken.add(name);
    const lower = free(name.toLowerCase(), stored, false);
    stored.add(lower);
    return { name, stored: lower === name.toLowerCase() ? name : lower };
  });
  return { columns, defects };
}

/** Numbers behind names that are taken; of ten thousand equal names the numbers go on where they were. */
function freeNames(): (name: string, taken: ReadonlySet<string>, isSecond?: boolean) => string {
  const last = new Map<ReadonlySet<string>, Map<string, number>>();
  return (name, taken, isSecond = true) => {
    if (!isSecond && !taken.has(name)) return name;
    const numbers = last.get(taken) ?? new Map<string, number>();
    last.set(taken, numbers);
    for (let number = (numbers.get(name) ?? 1) + 1; ; number += 1) {
      numbers.set(name, number);
      if (!taken.has(`${name} (${number})`)) return `${name} (${number})`;
    }
  };
}
