import type { Entry } from '../entry.ts';
import type { Pattern } from '../pattern.ts';

/** `module Name Name` a line, as the generated lists have it. */
function fullNames(text: string): readonly string[] {
  return text
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [module = '', ...names] = line.split(' ');
      return names.map((name) => `${module}.${name}`);
    });
}

/** Classes that are harmless to make empty and to fill with attributes. */
export function plainClasses(text: string, state: Pattern = 'attributes'): readonly Entry[] {
  return fullNames(text).map((name) => ({
    names: [name],
    new: [{ arguments: [] }],
    returns: name,
    state,
  }));
}

/** What may only be named. */
export function listed(text: string): readonly Entry[] {
  return fullNames(text).map((name) => ({ names: [name] }));
}

/** An attribute that is not there: what would take the place of a method that runs while the object is loaded. */
export const absent: Pattern = { either: [] };
