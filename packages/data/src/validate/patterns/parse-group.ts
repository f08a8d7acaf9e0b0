import type { Cursor } from './cursor.ts';
import { type Flags, readFlags } from './flags.ts';
import type { Node } from './syntax.ts';
import { Untranslatable } from './untranslatable.ts';
import { widthOf } from './width.ts';

const name = /^[\p{XID_Start}_]\p{XID_Continue}*$/u;
const isFlagLetter = (token: string): boolean => token !== '' && '-iLmsxatu'.includes(token);

/** Reads what follows a `(`: groups of every kind, references by name, comments and flags. */
export class GroupReader {
  readonly #cursor: Cursor;
  readonly #inside: (flags: Flags) => Node;
  readonly #names = new Map<string, number>();
  /** The body of each group; undefined while it is open. */
  readonly #bodies: (Node | undefined)[] = [undefined];
  /** Groups that were open or done where the outermost look-behind began. */
  #beforeLookbehind: number | undefined;

  readonly #behind: Node[] = [];

  constructor(cursor: Cursor, inside: (flags: Flags) => Node) {
    this.#cursor = cursor;
    this.#inside = inside;
  }

  /** @param isFirst whether nothing stands before it in the whole pattern: flags for all of it may follow */
  read(flags: Flags, isFirst: boolean): Node | { flags: Flags } | undefined {
    if (!this.#cursor.accept('?')) return this.#capturing(flags, undefined);
    const kind = this.#cursor.take();
    if (kind === 'P') return this.#python(flags);
    if (kind === ':') return this.#closed(flags);
    if (kind === '>') return { kind: 'atomic', body: this.#closed(flags) };
    if (kind === '#') {
      this.#comment();
      return undefined;
    }
    if (kind === '=' || kind === '!' || kind === '<') return this.#look(kind, flags);
    if (kind === '(')
      throw new Untranslatable('conditional', 'a part that depends on a group, (?(…)…)', this.#cursor.at);
    if (kind === '') throw this.#cursor.invalid('unexpected end of pattern');
    if (!isFlagLetter(kind)) throw this.#cursor.invalid(`unknown extension ?${kind}`);
    const changed = readFlags(this.#cursor, kind, flags);
    if (!changed.whole) {
      // CPython looks for the first character of a match with the flags of the whole pattern: then with other categories.
      if (changed.flags.ascii !== flags.ascii) {
        throw new Untranslatable('scoped-ascii', '(?a:…) or (?u:…) for a part of the pattern', this.#cursor.at);
      }
      return this.#closed(changed.flags);
    }
    if (!isFirst) throw this.#cursor.invalid('global flags not at the start of the expression');
    return { flags: changed.flags };
  }

  /** To be called when all is read, as Python looks at these last. */
  checkWidths(): void {
    for (const body of this.#behind) {
      const { min, max } = widthOf(body, this.#bodies);
      if (min !== max) throw this.#cursor.invalid('look-behind requires fixed-width pattern');
    }
  }

  /** `\1`, or `(?P=name)`. */
  reference(group: number, flags: Flags): Node {
    if (group >= this.#bodies.length) throw this.#cursor.invalid(`invalid group reference ${group}`);
    if (this.#bodies[group] === undefined) throw this.#cursor.invalid('cannot refer to an open group');
    if (this.#beforeLookbehind !== undefined && group >= this.#beforeLookbehind) {
      throw this.#cursor.invalid('cannot refer to group defined in the same lookbehind subpattern');
    }
    if (flags.ignoreCase) {
      throw new Untranslatable('caseless-backreference', 'a backreference under (?i)', this.#cursor.at);
    }
    return { kind: 'reference', group };
  }

  #python(flags: Flags): Node {
    if (this.#cursor.accept('<')) return this.#capturing(flags, this.#name('>'));
    if (this.#cursor.accept('=')) {
      const called = this.#name(')');
      const group = this.#names.get(called);
      if (group === undefined) throw this.#cursor.invalid(`unknown group name '${called}'`);
      return this.reference(group, flags);
    }
    const next = this.#cursor.take();
    throw this.#cursor.invalid(next === '' ? 'unexpected end of pattern' : `unknown extension ?P${next}`);
  }

  #name(terminator: string): string {
    const found = this.#cursor.takeUntil(terminator, 'group name');
    if (!name.test(found)) throw this.#cursor.invalid(`bad character in group name '${found}'`);
    return found;
  }

  #capturing(flags: Flags, called: string | undefined): Node {
    const number = this.#bodies.length;
    if (called !== undefined) {
      const before = this.#names.get(called);
      if (before !== undefined) {
        throw this.#cursor.invalid(`redefinition of group name '${called}' as group ${number}; was group ${before}`);
      }
      this.#names.set(called, number);
    }
    this.#bodies.push(undefined);
    const body = this.#closed(flags);
    this.#bodies[number] = body;
    return { kind: 'group', number, body };
  }

  #closed(flags: Flags): Node {
    const body = this.#inside(flags);
    if (!this.#cursor.accept(')')) throw this.#cursor.invalid('missing ), unterminated subpattern');
    // A group of one repeated item may be repeated, the item alone may not: it stays a group.
    return body.kind === 'repeat' || body.kind === 'anchor' ? { kind: 'sequence', items: [body] } : body;
  }

  #comment(): void {
    for (let token = this.#cursor.take(); token !== ')'; token = this.#cursor.take()) {
      if (token === '') throw this.#cursor.invalid('missing ), unterminated comment');
    }
  }

  #look(kind: string, flags: Flags): Node {
    const sign = kind === '<' ? this.#cursor.take() : kind;
    if (sign !== '=' && sign !== '!') {
      throw this.#cursor.invalid(sign === '' ? 'unexpected end of pattern' : `unknown extension ?<${sign}`);
    }
    const negated = sign === '!';
    if (kind !== '<') return { kind: 'look', direction: 'ahead', negated, body: this.#closed(flags) };
    const outer = this.#beforeLookbehind;
    this.#beforeLookbehind ??= this.#bodies.length;
    const body = this.#closed(flags);
    this.#beforeLookbehind = outer;
    this.#behind.push(body);
    return { kind: 'look', direction: 'behind', negated, body };
  }
}
