import { type Category, type CharacterSet, type CodePoints, isCategory, type Node } from './syntax.ts';

/** RE2 takes no count above this, and no product of counts either. */
const mostRepeats = 1000;
/** Instructions, roughly, that a pattern may come to: RE2 has 8 MiB for a program and its states. */
const heaviest = 20_000;

const point = (codePoint: number): string =>
  (codePoint >= 0x30 && codePoint <= 0x39) ||
  (codePoint >= 0x41 && codePoint <= 0x5a) ||
  (codePoint >= 0x61 && codePoint <= 0x7a)
    ? String.fromCodePoint(codePoint)
    : `\\x{${codePoint.toString(16)}}`;

const members: Readonly<Record<Category['category'], { unicode: string; ascii: string }>> = {
  d: { unicode: '\\p{Nd}', ascii: '0-9' },
  w: { unicode: '\\p{L}\\p{N}_', ascii: 'a-zA-Z0-9_' },
  s: {
    unicode:
      '\\t-\\r\\x1c-\\x20\\x{85}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}',
    ascii: '\\t-\\r\\x20',
  },
};

/** Thrown where RE2 has no word for it; JavaScript has. */
class BeyondRe2 extends Error {}

const listed = (item: Category): string => members[item.category][item.ascii ? 'ascii' : 'unicode'];

function codePoints({ from, to }: CodePoints): string {
  // Half of a character is none in UTF-8.
  if (to >= 0xd800 && from <= 0xdfff && (from >= 0xd800 || to <= 0xdfff)) throw new BeyondRe2();
  return from === to ? point(from) : `${point(from)}-${point(to)}`;
}

function setOf(set: CharacterSet): string {
  if (set.items.length === 0) return set.negated ? '(?s:.)' : '[^\\x00-\\x{10ffff}]';
  const plain = set.items
    .map((item) => (isCategory(item) ? (item.negated ? '' : listed(item)) : codePoints(item)))
    .join('');
  const only = set.items[0];
  if (set.items.length === 1 && !set.negated && only !== undefined && !isCategory(only) && only.from === only.to)
    return plain;
  const opposite = set.items.filter((item): item is Category => isCategory(item) && item.negated);
  if (opposite.length === 0) return `[${set.negated ? '^' : ''}${plain}]`;
  if (set.negated) {
    if (set.items.length > 1 || opposite[0] === undefined) throw new BeyondRe2();
    return `[${listed(opposite[0])}]`;
  }
  return `(?:${[...(plain === '' ? [] : [`[${plain}]`]), ...opposite.map((item) => `[^${listed(item)}]`)].join('|')})`;
}

const isWide = (set: CharacterSet): boolean => set.items.some((item) => isCategory(item) && !item.ascii);

/** Instructions of a node, and the greatest product of counts in it. */
function sizeOf(node: Node): { weight: number; product: number } {
  switch (node.kind) {
    case 'set':
      return { weight: isWide(node) ? 300 : 4 + node.items.length, product: 1 };
    case 'sequence':
    case 'choice': {
      const sizes = (node.kind === 'sequence' ? node.items : node.branches).map(sizeOf);
      return {
        weight: sizes.reduce((sum, { weight }) => sum + weight, 1),
        product: Math.max(1, ...sizes.map(({ product }) => product)),
      };
    }
    case 'group':
      return sizeOf(node.body);
    case 'repeat': {
      const { weight, product } = sizeOf(node.body);
      const count = Math.max(1, node.min, node.max === Number.POSITIVE_INFINITY ? 1 : node.max);
      return { weight: weight * count + 1, product: product * count };
    }
    case 'anchor':
    case 'atomic':
    case 'look':
    case 'reference':
      return { weight: 1, product: 1 };
  }
}

/** @param isLast whether nothing is read after it, so that a `$` may take the line feed before the end */
function write(node: Node, isLast: boolean): string {
  switch (node.kind) {
    case 'set':
      return setOf(node);
    case 'sequence':
      return node.items.map((item, index) => write(item, isLast && index === node.items.length - 1)).join('');
    case 'choice':
      return `(?:${node.branches.map((branch) => write(branch, isLast)).join('|')})`;
    case 'group':
      return `(?:${write(node.body, isLast)})`;
    case 'anchor':
      if (node.at === 'start') return '\\A';
      if (node.at === 'very-end') return '\\z';
      if (node.at === 'line-start') return '(?m:^)';
      if (node.at === 'line-end') return '(?m:$)';
      if (node.at === 'end' && isLast) return '(?:\\n?\\z)';
      throw new BeyondRe2();
    case 'repeat': {
      if (node.mode === 'possessive') throw new BeyondRe2();
      const most = node.max === Number.POSITIVE_INFINITY ? '' : node.max;
      const counts =
        node.min === 0 && most === '' ? '*' : node.min === 1 && most === '' ? '+' : `{${node.min},${most}}`;
      return `(?:${write(node.body, false)})${counts}`;
    }
    case 'atomic':
    case 'reference':
    case 'look':
      throw new BeyondRe2();
  }
}

/** The pattern as RE2 takes it, to be searched for; undefined where RE2 has no such thing, or would need too much for it. */
export function toRe2(node: Node): string | undefined {
  const { weight, product } = sizeOf(node);
  if (weight > heaviest || product > mostRepeats) return undefined;
  try {
    // DuckDB makes LIKE of what it takes for simple, and is wrong about `a\A` or `(?:)a`; a group is never simple to it.
    return `(${write(node, true)})`;
  } catch (problem) {
    if (problem instanceof BeyondRe2) return undefined;
    throw problem;
  }
}
