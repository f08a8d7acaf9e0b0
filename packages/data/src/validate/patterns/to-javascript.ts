import { referredGroups } from './references.ts';
import { type Anchor, type Category, type CharacterSet, type CodePoints, isCategory, type Node } from './syntax.ts';
import { Untranslatable } from './untranslatable.ts';
import { widthOf } from './width.ts';

const point = (codePoint: number): string =>
  (codePoint >= 0x30 && codePoint <= 0x39) ||
  (codePoint >= 0x41 && codePoint <= 0x5a) ||
  (codePoint >= 0x61 && codePoint <= 0x7a)
    ? String.fromCodePoint(codePoint)
    : `\\u{${codePoint.toString(16)}}`;

const range = ({ from, to }: CodePoints): string => (from === to ? point(from) : `${point(from)}-${point(to)}`);

/** What the categories are in Python: `str.isdecimal`, `str.isalnum` or an underscore, and `str.isspace`. */
const members: Readonly<Record<Category['category'], { unicode: string; ascii: string }>> = {
  d: { unicode: '\\p{Nd}', ascii: '0-9' },
  w: { unicode: '\\p{L}\\p{N}_', ascii: 'a-zA-Z0-9_' },
  s: {
    unicode: '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000',
    ascii: '\\t-\\r\\x20',
  },
};

function memberOf(item: Category | CodePoints): string {
  if (!isCategory(item)) return range(item);
  const listed = members[item.category][item.ascii ? 'ascii' : 'unicode'];
  return item.negated ? `[^${listed}]` : listed;
}

const setOf = (set: CharacterSet): string => {
  if (set.items.length === 0) return set.negated ? '[^]' : '[]';
  const only = set.items[0];
  if (set.items.length === 1 && !set.negated && only !== undefined && !isCategory(only) && only.from === only.to) {
    return point(only.from);
  }
  return `[${set.negated ? '^' : ''}${set.items.map(memberOf).join('')}]`;
};

function boundary(at: 'boundary' | 'no-boundary', ascii: boolean): string {
  const word = `[${members.w[ascii ? 'ascii' : 'unicode']}]`;
  if (at === 'boundary') return `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`;
  // Before Python 3.14 `\B` does not match in an empty text.
  return `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word})(?:(?=[^])|(?<=[^])))`;
}

function anchor({ at, ascii }: Anchor): string {
  switch (at) {
    case 'start':
      return '^';
    case 'very-end':
      return '$';
    case 'end':
      return '(?=\\n?$)';
    case 'line-start':
      return '(?:^|(?<=\\n))';
    case 'line-end':
      return '(?=\\n|$)';
    case 'boundary':
    case 'no-boundary':
      return boundary(at, ascii);
  }
}

/** Writes JavaScript for a pattern, for the flag `v` and no other. */
class Writer {
  readonly #referred: ReadonlySet<number>;
  #atomic = 0;

  constructor(referred: ReadonlySet<number>) {
    this.#referred = referred;
  }

  write(node: Node, isBehind: boolean): string {
    switch (node.kind) {
      case 'set':
        return setOf(node);
      case 'anchor':
        return anchor(node);
      case 'sequence':
        return node.items.map((item) => this.#item(item, isBehind)).join('');
      case 'choice':
        return `(?:${node.branches.map((branch) => this.write(branch, isBehind)).join('|')})`;
      case 'group':
        return `(${this.#referred.has(node.number) ? `?<g${node.number}>` : '?:'}${this.write(node.body, isBehind)})`;
      case 'reference':
        return `\\k<g${node.group}>`;
      case 'atomic':
        return this.#atomically(this.write(node.body, isBehind), isBehind);
      case 'look': {
        const sign = `${node.direction === 'behind' ? '<' : ''}${node.negated ? '!' : '='}`;
        return `(?${sign}${this.write(node.body, node.direction === 'behind')})`;
      }
      case 'repeat': {
        const most = node.max === Number.POSITIVE_INFINITY ? '' : node.max;
        const repeated = `(?:${this.write(node.body, isBehind)}){${node.min},${most}}`;
        if (node.mode === 'possessive') return this.#atomically(repeated, isBehind);
        return node.mode === 'lazy' ? `${repeated}?` : repeated;
      }
    }
  }

  #item(node: Node, isBehind: boolean): string {
    return node.kind === 'sequence' ? `(?:${this.write(node, isBehind)})` : this.write(node, isBehind);
  }

  /** A look-ahead gives nothing back: what it found is then taken as it is. */
  #atomically(body: string, isBehind: boolean): string {
    if (isBehind) throw new Untranslatable('atomic-lookbehind', 'an atomic group in a look-behind');
    this.#atomic += 1;
    return `(?=(?<a${this.#atomic}>${body}))\\k<a${this.#atomic}>`;
  }
}

/** The source of a RegExp, flag `v`, that is found in a text exactly where Python's `re.search` finds the pattern. */
export function toJavaScript(node: Node): string {
  const written = new Writer(referredGroups(node)).write(node, false);
  // Where nothing needs to be read, V8 also looks between the halves of a character: there nothing can be read.
  const source = widthOf(node, []).min === 0 ? `(?=[^]|$)(?:${written})` : written;
  try {
    new RegExp(source, 'v');
  } catch (problem) {
    throw new Untranslatable(
      'too-large',
      `JavaScript refuses it: ${problem instanceof Error ? problem.message.slice(0, 100) : ''}`,
    );
  }
  return source;
}
