import { withoutCase } from './casing.ts';
import { Cursor } from './cursor.ts';
import { type Flags, noFlags } from './flags.ts';
import { categoryOf, escapeOutside } from './parse-escape.ts';
import { GroupReader } from './parse-group.ts';
import { readSet } from './parse-set.ts';
import { type Anchor, type CharacterSet, literal, type Node } from './syntax.ts';
import { Untranslatable } from './untranslatable.ts';

/** Characters of a pattern, and groups within groups: more is not tried. */
const longest = 20_000;
const deepest = 150;
/** Python's MAXREPEAT. */
const mostRepeats = 4_294_967_295;

const escapedAnchors: Readonly<Record<string, Anchor['at']>> = {
  '\\A': 'start',
  '\\Z': 'very-end',
  '\\b': 'boundary',
  '\\B': 'no-boundary',
};

/** Reads a pattern of Python's `re`, 3.11, for text (`str`). Throws {@link Untranslatable}. */
export function parsePython(source: string): Node {
  if (source.length > longest) throw new Untranslatable('too-long', `a pattern of more than ${longest} characters`);
  return new Parser(source).whole();
}

/** The grammar of Lib/re/_parser.py: alternatives, of sequences, of items that may be repeated. */
class Parser {
  readonly #cursor: Cursor;
  readonly #groups: GroupReader;
  /** Those of the whole pattern, once they are known. */
  #global: Flags = noFlags;
  #depth = 0;

  constructor(source: string) {
    this.#cursor = new Cursor(source);
    this.#groups = new GroupReader(this.#cursor, (flags) => this.#alternatives(flags));
  }

  whole(): Node {
    const node = this.#alternatives(undefined);
    if (this.#cursor.next !== '') throw this.#cursor.invalid('unbalanced parenthesis');
    this.#groups.checkWidths();
    return node;
  }

  /** @param flags those of the group around; undefined for the whole pattern, which may begin with its own */
  #alternatives(flags: Flags | undefined): Node {
    this.#depth += 1;
    if (this.#depth > deepest)
      throw new Untranslatable('too-deep', `groups within groups, more than ${deepest}`, this.#cursor.at);
    const branches = [this.#sequence(flags ?? this.#global, flags === undefined)];
    while (this.#cursor.accept('|')) branches.push(this.#sequence(flags ?? this.#global, false));
    this.#depth -= 1;
    return branches.length === 1 && branches[0] !== undefined ? branches[0] : { kind: 'choice', branches };
  }

  #sequence(given: Flags, first: boolean): Node {
    let flags = given;
    const items: Node[] = [];
    for (let token = this.#cursor.next; token !== '' && token !== '|' && token !== ')'; token = this.#cursor.next) {
      this.#cursor.take();
      if (flags.verbose && this.#isPadding(token)) continue;
      const quantifier = this.#quantifier(token);
      if (quantifier !== undefined) {
        items.push(this.#repeated(items.pop(), quantifier));
        continue;
      }
      const read = token === '(' ? this.#groups.read(flags, first && items.length === 0) : this.#single(token, flags);
      if (read === undefined) continue;
      if ('flags' in read) {
        this.#global = read.flags;
        flags = read.flags;
      } else items.push(read);
    }
    return items.length === 1 && items[0] !== undefined ? items[0] : { kind: 'sequence', items };
  }

  /** White space and comments, under (?x). */
  #isPadding(token: string): boolean {
    if (/^[ \t\n\r\v\f]$/.test(token)) return true;
    if (token !== '#') return false;
    for (let taken = this.#cursor.take(); taken !== '' && taken !== '\n'; ) taken = this.#cursor.take();
    return true;
  }

  #quantifier(token: string): { min: number; max: number } | undefined {
    if (token === '?') return { min: 0, max: 1 };
    if (token === '*') return { min: 0, max: Number.POSITIVE_INFINITY };
    if (token === '+') return { min: 1, max: Number.POSITIVE_INFINITY };
    if (token !== '{' || this.#cursor.next === '}') return undefined;
    const here = this.#cursor.at;
    const low = this.#cursor.takeWhile(/^[0-9]$/);
    const high = this.#cursor.accept(',') ? this.#cursor.takeWhile(/^[0-9]$/) : low;
    if (!this.#cursor.accept('}')) {
      this.#cursor.at = here;
      return undefined;
    }
    const [min, max] = [low === '' ? 0 : Number(low), high === '' ? Number.POSITIVE_INFINITY : Number(high)];
    if (min >= mostRepeats || (high !== '' && max >= mostRepeats))
      throw this.#cursor.invalid('the repetition number is too large');
    if (max < min) throw this.#cursor.invalid('min repeat greater than max repeat');
    return { min, max };
  }

  #repeated(body: Node | undefined, { min, max }: { min: number; max: number }): Node {
    if (body === undefined || body.kind === 'anchor') throw this.#cursor.invalid('nothing to repeat');
    if (body.kind === 'repeat') throw this.#cursor.invalid('multiple repeat');
    const mode = this.#cursor.accept('?') ? 'lazy' : this.#cursor.accept('+') ? 'possessive' : 'greedy';
    return { kind: 'repeat', body, min, max, mode };
  }

  /** What is neither a group nor a quantifier. */
  #single(token: string, flags: Flags): Node {
    const { ascii } = flags;
    if (token === '.') return { kind: 'set', negated: true, items: flags.dotAll ? [] : [{ from: 10, to: 10 }] };
    if (token === '^') return { kind: 'anchor', at: flags.multiline ? 'line-start' : 'start', ascii };
    if (token === '$') return { kind: 'anchor', at: flags.multiline ? 'line-end' : 'end', ascii };
    if (token === '[') return this.#cased(readSet(this.#cursor, ascii), flags);
    if (!token.startsWith('\\')) return this.#cased(literal(token.codePointAt(0) ?? 0), flags);
    const at = escapedAnchors[token];
    if (at !== undefined) return { kind: 'anchor', at, ascii };
    const category = categoryOf(token, ascii);
    if (category !== undefined) return { kind: 'set', negated: false, items: [category] };
    const escaped = escapeOutside(this.#cursor, token);
    if ('group' in escaped) return this.#groups.reference(escaped.group, flags);
    return this.#cased(literal(escaped.point), flags);
  }

  #cased(set: CharacterSet, flags: Flags): CharacterSet {
    return flags.ignoreCase ? withoutCase(set, flags.ascii) : set;
  }
}
