import { createHash } from 'node:crypto';

const longest = 64;

/** A text as a name of `holdfast.yaml`: lower-case letters, digits, `.`, `_` and `-`, a letter or digit first. */
export function nameFrom(text: string, fallback: string): string {
  const name = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replaceAll(/^[^a-z0-9]+|-+$/g, '');
  if (name === '') return fallback;
  if (name.length <= longest) return name;
  // two long names may differ at their ends only
  return `${name.slice(0, longest - 9)}-${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
}

/** The first of `name`, `name-2`, `name-3` … that is not taken. */
export function untaken(name: string, isTaken: (candidate: string) => boolean): string {
  for (let count = 1; ; count += 1) {
    const candidate = count === 1 ? name : `${name.slice(0, longest - 6)}-${count}`;
    if (!isTaken(candidate)) return candidate;
  }
}
