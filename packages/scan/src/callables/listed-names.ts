import { canonical, fullName } from './aliases.ts';
import { allowlist } from './allowlist/index.ts';
import type { Entry } from './entry.ts';
import type { Reference } from './judge.ts';
import type { Names } from './matches.ts';

const byName = new Map<string, Entry>();
for (const entry of allowlist) for (const name of entry.names) byName.set(name, entry);

/** The entry of a reference, by its own name or by what the name means. */
export function entryOf(reference: Reference): Entry | undefined {
  return byName.get(fullName(reference)) ?? byName.get(fullName(canonical(reference)));
}

/** The entry for what is done with an instance, by the name that its call gave it. */
export function entryOfInstance(of: string): Entry | undefined {
  return byName.get(of);
}

/** What the patterns ask about names. */
export const listedNames: Names = {
  nameOf: (reference) => entryOf(reference)?.names[0] ?? fullName(canonical(reference)),
  isPlainClass: (name) => byName.get(name)?.new?.some((form) => form.arguments.length === 0) ?? false,
  isIndexClass: (name) => /^pandas\.(?:\w*Index)$/.test(name) && byName.has(name),
};

/** `package.module.Class` as a reference. */
export function referenceTo(full: string): Reference {
  const dot = full.lastIndexOf('.');
  return dot < 0 ? { module: full, name: '' } : { module: full.slice(0, dot), name: full.slice(dot + 1) };
}
