import { type CodeToken, maximumTokens, type StringPiece, stringToken } from './code-tokens.ts';

/**
 * Splits Python into tokens (Python Language Reference, section 2), without judging it: what is no Python gives some
 * tokens, never an error. Line ends inside brackets are left out, as Python does.
 */
export function pythonTokens(text: string): readonly CodeToken[] {
  return new Tokenizer(text).all();
}

const nameStart = /[A-Za-z_\u0080-\uffff]/;
const namePattern = /[A-Za-z0-9_\u0080-\uffff]+/y;
const numberPattern = /[0-9][A-Za-z0-9_.]*/y;
const operatorPattern = /->|:=|==|!=|<=|>=|\*\*|\/\/|\+=|-=|\/=|\*=|\|=|[^\s]/y;
const prefixPattern = /^[rbufRBUF]{1,2}$/;

class Tokenizer {
  readonly #text: string;
  #at = 0;
  #line = 1;
  #depth = 0;
  readonly #tokens: CodeToken[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  all(): readonly CodeToken[] {
    while (this.#at < this.#text.length && this.#tokens.length < maximumTokens) this.#step();
    return this.#tokens;
  }

  #step(): void {
    const character = this.#text[this.#at] ?? '';
    if (character === '\n') this.#newline();
    else if (character === '\\' && /^\r?\n/.test(this.#text.slice(this.#at + 1, this.#at + 3))) this.#continuation();
    else if (/\s/.test(character)) this.#at += 1;
    else if (character === '#') this.#at = this.#endOfLine();
    else if (character === '"' || character === "'") this.#string('');
    else if (nameStart.test(character)) this.#name();
    else if (/[0-9]/.test(character)) this.#push('number', this.#match(numberPattern));
    else this.#operator();
  }

  #push(kind: CodeToken['kind'], text: string): void {
    this.#tokens.push({ kind, text, line: this.#line });
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? this.#text[this.#at] ?? '';
    this.#at += found.length;
    return found;
  }

  #newline(): void {
    if (this.#depth === 0) this.#push('newline', '\n');
    this.#line += 1;
    this.#at += 1;
  }

  #continuation(): void {
    this.#at = this.#text.indexOf('\n', this.#at) + 1;
    this.#line += 1;
  }

  #endOfLine(): number {
    const end = this.#text.indexOf('\n', this.#at);
    return end === -1 ? this.#text.length : end;
  }

  #name(): void {
    const name = this.#match(namePattern);
    const quote = this.#text[this.#at];
    if ((quote === '"' || quote === "'") && prefixPattern.test(name)) this.#string(name.toLowerCase());
    else this.#push('name', name);
  }

  #operator(): void {
    const operator = this.#match(operatorPattern);
    if (/^[([{]$/.test(operator)) this.#depth += 1;
    if (/^[)\]}]$/.test(operator)) this.#depth = Math.max(0, this.#depth - 1);
    this.#push('operator', operator);
  }

  /** A string literal behind its prefix; one that is not closed ends with its line, or with the text. */
  #string(prefix: string): void {
    const line = this.#line;
    const quote = this.#text[this.#at] ?? '';
    const close = this.#text.startsWith(quote.repeat(3), this.#at) ? quote.repeat(3) : quote;
    this.#at += close.length;
    const pieces: StringPiece[] = [];
    let literal = '';
    while (this.#at < this.#text.length && !this.#text.startsWith(close, this.#at)) {
      const character = this.#text[this.#at] ?? '';
      if (character === '\n' && close.length === 1) break;
      if (character === '\n') this.#line += 1;
      if (prefix.includes('f') && (character === '{' || character === '}')) {
        if (this.#text[this.#at + 1] === character) {
          literal += character;
          this.#at += 2;
        } else {
          pieces.push({ literal }, { expression: this.#field(close) });
          literal = '';
        }
      } else literal += this.#character(prefix);
    }
    if (this.#text.startsWith(close, this.#at)) this.#at += close.length;
    this.#tokens.push(stringToken([...pieces, { literal }], line));
  }

  /** One character of a literal (section 2.4.1.1). */
  #character(prefix: string): string {
    const character = this.#text[this.#at] ?? '';
    const next = this.#text[this.#at + 1] ?? '';
    this.#at += 1;
    if (character !== '\\' || next === '') return character;
    this.#at += 1;
    if (next === '\n') this.#line += 1;
    if (prefix.includes('r')) return `\\${next}`;
    return escapes.get(next) ?? `\\${next}`;
  }

  /** A replacement field of an f-string, up to its closing brace (section 2.4.3); strings inside are passed over. */
  #field(close: string): string {
    const start = this.#at + 1;
    let open = 0;
    for (; this.#at < this.#text.length; this.#at += 1) {
      const character = this.#text[this.#at] ?? '';
      if (character === '\n' && close.length === 1) break;
      if (character === '\n') this.#line += 1;
      if (/[([{]/.test(character)) open += 1;
      if (/[)\]}]/.test(character)) open -= 1;
      if (open <= 0) break;
      if (this.#text.startsWith(close, this.#at) && close.length === 3) break;
    }
    const expression = this.#text.slice(start, this.#at);
    if (this.#text[this.#at] === '}') this.#at += 1;
    return expression;
  }
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['\n', ''],
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);
