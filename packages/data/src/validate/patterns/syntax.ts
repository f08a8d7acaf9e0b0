/** A class of characters of Python's: `d` decimal digits, `w` of words, `s` white space; over all of Unicode, or ASCII. */
export interface Category {
  readonly category: 'd' | 'w' | 's';
  readonly negated: boolean;
  readonly ascii: boolean;
}

/** Code points, both ends included. */
export interface CodePoints {
  readonly from: number;
  readonly to: number;
}

/** One character of a set, or none of it. Whether case counts is settled: the set lists all that match. */
export interface CharacterSet {
  readonly kind: 'set';
  readonly negated: boolean;
  readonly items: readonly (Category | CodePoints)[];
}

/** Where nothing is read: Python's `^ $ \A \Z \b \B`, the first two with and without (?m). */
export interface Anchor {
  readonly kind: 'anchor';
  readonly at: 'start' | 'end' | 'line-start' | 'line-end' | 'very-end' | 'boundary' | 'no-boundary';
  readonly ascii: boolean;
}

export interface Repeat {
  readonly kind: 'repeat';
  readonly body: Node;
  readonly min: number;
  readonly max: number;
  readonly mode: 'greedy' | 'lazy' | 'possessive';
}

export interface Look {
  readonly kind: 'look';
  readonly direction: 'ahead' | 'behind';
  readonly negated: boolean;
  readonly body: Node;
}

/** What a pattern of Python's `re` says, without its spelling. */
export type Node =
  | CharacterSet
  | Anchor
  | Repeat
  | Look
  | { readonly kind: 'sequence'; readonly items: readonly Node[] }
  | { readonly kind: 'choice'; readonly branches: readonly Node[] }
  | { readonly kind: 'group'; readonly number: number; readonly body: Node }
  | { readonly kind: 'atomic'; readonly body: Node }
  | { readonly kind: 'reference'; readonly group: number };

export const isCategory = (item: Category | CodePoints): item is Category => 'category' in item;

/** One character, as it stands. */
export const literal = (codePoint: number): CharacterSet => ({
  kind: 'set',
  negated: false,
  items: [{ from: codePoint, to: codePoint }],
});
