import { canonical, fullName, isStandardLibrary } from './aliases.ts';
import { effects, families, insides, unmistakable } from './effects.ts';
import type { Effect, Reference } from './judge.ts';

export interface Reach {
  readonly effect: Effect;
  /** In words. */
  readonly does: string;
  /** What is reached: the callable itself, or what a walk through its attributes leads to. */
  readonly reaches: Reference;
}

const known = new Map<string, { readonly effect: Effect; readonly does: string }>();
for (const [effect, does, names] of effects) for (const name of names.split(' ')) known.set(name, { effect, does });

/**
 * What a callable is known to reach; undefined when nothing is known about it.
 *
 * @param reference after aliases
 */
export function effectOf(reference: Reference): Reach | undefined {
  const { name } = reference;
  const full = fullName(reference);
  const walked = isStandardLibrary(full.split('.')[0] ?? '') ? undefined : throughAttributes(name);
  if (walked !== undefined) return walked;
  const direct = longestKnown(full);
  if (direct !== undefined) return { ...direct, reaches: reference };
  const inside = name.split('.').find((part) => insides.has(part));
  if (inside !== undefined) {
    return { effect: 'code', does: `walks through \`${inside}\` into the interpreter`, reaches: reference };
  }
  for (const [effect, does, pattern] of families) if (pattern.test(full)) return { effect, does, reaches: reference };
  return undefined;
}

/** The narrowest line that has the name or one of the modules and classes that it lies in. */
function longestKnown(full: string): { readonly effect: Effect; readonly does: string } | undefined {
  for (let name = full; name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf('.')))) {
    const found = known.get(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `numpy` with the name `f2py.os.system`: a module of the standard library as an attribute of another one. */
function throughAttributes(name: string): Reach | undefined {
  const parts = name.split('.');
  const start = parts.findIndex((part) => unmistakable.has(part.replace(/^_(?=[a-z])/, '')));
  if (start < 0) return undefined;
  const module = (parts[start] ?? '').replace(/^_(?=[a-z])/, '');
  const reached = canonical({ module, name: parts.slice(start + 1).join('.') });
  const found = longestKnown(fullName(reached)) ?? { effect: 'code', does: `hands out the module \`${module}\`` };
  return { ...found, reaches: reached };
}
