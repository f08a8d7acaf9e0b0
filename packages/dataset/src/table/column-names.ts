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

function free(name: string, taken: ReadonlySet<string>, isSecond = true): string {
  if (!isSecond && !taken.has(name)) return name;
  for (let number = 2; ; number += 1) {
    if (!taken.has(`${name} (${number})`)) return `${name} (${number})`;
  }
}
