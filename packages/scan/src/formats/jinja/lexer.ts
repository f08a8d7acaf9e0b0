import { NotUnderstood } from '../../bytes/source.ts';
import { unescapeString } from './unescape.ts';

export interface Token {
  /** `data`, `name`, `string`, `number`, `integer`, `{{`, `}}`, `{%`, `%}`, `end`, or the operator. */
  readonly type: string;
  readonly value: string;
  readonly at: number;
}

const opening = /\{[{%#]/g;
const rawOpening = /\{%[-+]?\s*raw\s*(?:-%\}\s*|%\})/y;
const commentOpening = /\{#[-+]?/y;
const rawEnd = /\{%[-+]?\s*endraw\s*[-+]?%\}/g;
const commentEnd = /[-+]?#\}/g;
const ends = { '{{': /-?\}\}/y, '{%': /[-+]?%\}/y } as const;
/** In Jinja's order; what is longer comes first. */
const tokens: readonly (readonly [type: string, pattern: RegExp])[] = [
  ['blank', /\s+/y],
  ['float', /(?<!\.)\d+(?:_\d+)*(?:(?:\.\d+(?:_\d+)*)?e[+-]?\d+(?:_\d+)*|\.\d+(?:_\d+)*)/iy],
  ['integer', /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy],
  ['name', /[\p{ID_Continue}]+/uy],
  ['string', /'[^'\\]*(?:\\.[^'\\]*)*'|"[^"\\]*(?:\\.[^"\\]*)*"/sy],
  ['operator', /\/\/|\*\*|==|!=|>=|<=|[-+/*%~[\](){}><=.:|,;]/y],
];
const closing: Readonly<Record<string, string>> = { '{': '}', '(': ')', '[': ']' };

/**
 * Cuts a template into tokens, as Jinja 3.1 does with its default delimiters. Blanks, comments and `raw` tags are gone.
 *
 * @throws NotUnderstood where Jinja would refuse, and for `\N{…}` in strings
 */
export function tokenise(template: string): readonly Token[] {
  return new Lexer(template).run();
}

class Lexer {
  readonly #text: string;
  readonly #tokens: Token[] = [];
  #at = 0;

  constructor(text: string) {
    // Jinja takes one line break off the end.
    this.#text = text.replace(/(?:\r\n|\r|\n)$/, '');
  }

  run(): readonly Token[] {
    while (this.#at < this.#text.length) this.#root();
    this.#add('end', '', this.#at);
    return this.#tokens;
  }

  /** Data up to the next tag, and the tag. */
  #root(): void {
    opening.lastIndex = this.#at;
    const start = opening.exec(this.#text)?.index ?? this.#text.length;
    if (start > this.#at) this.#add('data', this.#text.slice(this.#at, start), this.#at);
    this.#at = start;
    if (start === this.#text.length) return;
    const raw = this.#match(rawOpening);
    const kind = this.#text.slice(start, start + 2);
    if (raw !== undefined) this.#raw(start);
    else if (this.#match(commentOpening) !== undefined) this.#passTo(commentEnd, 'a comment without an end', start);
    else this.#tag(kind as keyof typeof ends, start);
  }

  #raw(start: number): void {
    const from = this.#at;
    const end = this.#passTo(rawEnd, 'a raw block without an end', start);
    if (end > from) this.#add('data', this.#text.slice(from, end), from);
  }

  /** @returns where the match starts; the position is behind it */
  #passTo(pattern: RegExp, problem: string, start: number): number {
    // What is opened by the very last characters, Jinja does not miss the end of.
    if (this.#at === this.#text.length) return this.#at;
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) throw new NotUnderstood(problem, start);
    this.#at = found.index + found[0].length;
    return found.index;
  }

  #tag(kind: keyof typeof ends, start: number): void {
    this.#add(kind, kind, start);
    this.#at += 2;
    if (/[-+]/.test(this.#text.charAt(this.#at))) this.#at += 1;
    const open: string[] = [];
    for (;;) {
      const at = this.#at;
      if (open.length === 0 && this.#match(ends[kind]) !== undefined) {
        this.#add(kind === '{{' ? '}}' : '%}', '', at);
        return;
      }
      this.#token(open, at);
    }
  }

  #token(open: string[], at: number): void {
    for (const [type, pattern] of tokens) {
      const found = this.#match(pattern);
      if (found === undefined) continue;
      if (type === 'operator') this.#balance(open, found, at);
      if (type === 'name' && !/^[\p{ID_Start}_]/u.test(found)) throw new NotUnderstood('a name that is none', at);
      if (type === 'string') this.#add(type, unescapeString(found.slice(1, -1), at), at);
      else if (type !== 'blank') this.#add(type === 'operator' ? found : type, found, at);
      return;
    }
    throw new NotUnderstood(at < this.#text.length ? 'a character that no template has' : 'a tag without an end', at);
  }

  #balance(open: string[], operator: string, at: number): void {
    const close = closing[operator];
    if (close !== undefined) open.push(close);
    else if (/[)\]}]/.test(operator) && open.pop() !== operator) throw new NotUnderstood('brackets do not match', at);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #add(type: string, value: string, at: number): void {
    this.#tokens.push({ type, value, at });
  }
}
