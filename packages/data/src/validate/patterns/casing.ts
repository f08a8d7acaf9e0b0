import { type Category, type CharacterSet, type CodePoints, isCategory } from './syntax.ts';
import { Untranslatable } from './untranslatable.ts';

/** The simple lower case of a character, as Python's engine takes it: one character for one. */
const lower = (character: string): string => (character === '\u0130' ? 'i' : character.toLowerCase());

interface Casing {
  /** Characters whose lower case is this one, for every lower case that more than one character has. */
  readonly sameLower: ReadonlyMap<number, readonly number[]>;
  /** Lower-case characters that Python takes for the same, as their upper case is the same. */
  readonly sameUpper: ReadonlyMap<number, readonly number[]>;
}

const add = <Key>(map: Map<Key, number[]>, key: Key, value: number): void => {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else if (!known.includes(value)) known.push(value);
};

function computed(): Casing {
  const sameLower = new Map<number, number[]>();
  const byUpper = new Map<string, number[]>();
  const cased = /^[\p{Changes_When_Lowercased}\p{Changes_When_Uppercased}]$/u;
  for (let point = 0; point <= 0x1ffff; point += 1) {
    const character = String.fromCodePoint(point);
    if (!cased.test(character)) continue;
    const low = lower(character).codePointAt(0) ?? point;
    add(sameLower, low, low);
    add(sameLower, low, point);
    add(byUpper, character.toUpperCase(), low);
  }
  const sameUpper = new Map<number, number[]>();
  for (const same of byUpper.values())
    for (const one of same) for (const other of same) if (one !== other) add(sameUpper, one, other);
  return { sameLower, sameUpper };
}

let known: Casing | undefined;
const casing = (): Casing => (known ??= computed());

/** `A` to `Z` and `a` to `z` only, for `(?ai)`. */
function asciiFolded(item: CodePoints): CodePoints[] {
  const other = (first: number, by: number): CodePoints[] => {
    const [from, to] = [Math.max(item.from, first), Math.min(item.to, first + 25)];
    return from <= to ? [{ from: from + by, to: to + by }] : [];
  };
  return [item, ...other(0x41, 32), ...other(0x61, -32)];
}

const isCased = (point: number): boolean =>
  casing().sameLower.has(lower(String.fromCodePoint(point)).codePointAt(0) ?? point);

/** All characters that a range matches where case does not count. */
function folded(item: CodePoints): CodePoints[] {
  const { sameLower, sameUpper } = casing();
  const lowers = new Set<number>();
  for (const [low, same] of sameLower) {
    if (!same.some((point) => point >= item.from && point <= item.to)) continue;
    lowers.add(low);
    for (const other of sameUpper.get(low) ?? []) lowers.add(other);
  }
  const points = [...lowers].flatMap((low) => [...(sameLower.get(low) ?? []), low]);
  const found = points.map((point) => ({ from: point, to: point }));
  // A character that has a case is in the set where its lower case is, and not for its own sake.
  return [...uncased(item), ...found];
}

/** What of a range has no case. */
function uncased(item: CodePoints): CodePoints[] {
  const found: CodePoints[] = [];
  let from = item.from;
  for (const point of [...casedPoints()].filter((one) => one >= item.from && one <= item.to)) {
    if (point > from) found.push({ from, to: point - 1 });
    from = point + 1;
  }
  return from <= item.to ? [...found, { from, to: item.to }] : found;
}

let allCased: readonly number[] | undefined;
const casedPoints = (): readonly number[] =>
  (allCased ??= [...new Set([...casing().sameLower].flatMap(([low, same]) => [low, ...same]))].sort((a, b) => a - b));

/** The same set where case does not count: it lists every character whose lower case Python finds in it. */
export function withoutCase(set: CharacterSet, ascii: boolean): CharacterSet {
  const items = set.items.flatMap((item): readonly (Category | CodePoints)[] => {
    if (isCategory(item)) return [item];
    if (ascii) return asciiFolded(item);
    if (item.to > 0xffff) mustBeUncased(item);
    return folded(item);
  });
  const ranges = items.filter((item): item is CodePoints => !isCategory(item));
  return { ...set, items: [...items.filter(isCategory), ...joined(ranges)] };
}

/** The same characters in order, each once. */
function joined(ranges: readonly CodePoints[]): CodePoints[] {
  const found: CodePoints[] = [];
  for (const { from, to } of ranges.toSorted((a, b) => a.from - b.from)) {
    const last = found.at(-1);
    if (last !== undefined && from <= last.to + 1)
      found[found.length - 1] = { from: last.from, to: Math.max(to, last.to) };
    else found.push({ from, to });
  }
  return found;
}

/** Python's tables end at U+FFFF: beyond, a set compares in another way. */
function mustBeUncased(item: CodePoints): void {
  if (item.from === item.to && !isCased(item.from)) return;
  throw new Untranslatable('caseless-beyond-bmp', 'a range, or a letter with a case, beyond U+FFFF under (?i)');
}
