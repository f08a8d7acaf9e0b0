import { type CodeToken, maximumTokens, type StringPiece, stringToken } from './code-tokens.ts';

/**
 * Splits JavaScript or TypeScript into tokens (ECMA-262, section 12), without judging it: what is neither gives some
 * tokens, never an error. Whether `/` begins a regular expression is told by what stands before it.
 */
export function javascriptTokens(text: string): readonly CodeToken[] {
  return new Tokenizer(text).all();
}

const namePattern = /[A-Za-z_$#\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y;
const numberPattern = /[0-9][A-Za-z0-9_.]*/y;
const operatorPattern = /=>|\?\?|\?\.|&&|\|\||[=!]==?|[^\s]/y;
const regularExpression = /\/(?:[^\\/[\n]|\\.|\[(?:[^\]\\\n]|\\.){0,1000}\]){1,2000}\/[a-z]*/y;
/** Behind these an expression begins. */
const beforeExpression = new Set('return typeof case in of do else void delete throw new await yield'.split(' '));

class Tokenizer {
  readonly #text: string;
  #at = 0;
  #line = 1;
  readonly #tokens: CodeToken[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  all(): readonly CodeToken[] {
    while (this.#at < this.#text.length && this.#tokens.length < maximumTokens) this.#step();
    return withoutInnerLines(this.#tokens);
  }

  #step(): void {
    const character = this.#text[this.#at] ?? '';
    if (character === '\n') this.#newline();
    else if (/\s/.test(character)) this.#at += 1;
    else if (this.#text.startsWith('//', this.#at)) this.#skipTo('\n', 0);
    else if (this.#text.startsWith('/*', this.#at)) this.#skipTo('*/', 2);
    else if (character === '"' || character === "'") this.#string(character);
    else if (character === '`') this.#template();
    else if (/[0-9]/.test(character)) this.#push('number', this.#match(numberPattern));
    else if (/[A-Za-z_$#\u0080-\uffff]/.test(character)) this.#push('name', this.#match(namePattern));
    else if (character === '/' && this.#expectsExpression()) this.#push('operator', this.#match(regularExpression));
    else this.#push('operator', this.#match(operatorPattern));
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
    this.#push('newline', '\n');
    this.#line += 1;
    this.#at += 1;
  }

  #skipTo(end: string, behind: number): void {
    const found = this.#text.indexOf(end, this.#at + 2);
    const to = found === -1 ? this.#text.length : found + behind;
    this.#line += linesIn(this.#text.slice(this.#at, to));
    this.#at = to;
  }

  #expectsExpression(): boolean {
    const before = this.#tokens.findLast(({ kind }) => kind !== 'newline');
    if (before === undefined) return true;
    if (before.kind === 'operator') return !/^[)\]}]$/.test(before.text);
    return before.kind === 'name' && beforeExpression.has(before.text);
  }

  #string(quote: string): void {
    const line = this.#line;
    let literal = '';
    this.#at += 1;
    while (this.#at < this.#text.length && this.#text[this.#at] !== quote && this.#text[this.#at] !== '\n') {
      literal += this.#character();
    }
    if (this.#text[this.#at] === quote) this.#at += 1;
    this.#tokens.push(stringToken([{ literal }], line));
  }

  #template(): void {
    const line = this.#line;
    const pieces: StringPiece[] = [];
    let literal = '';
    this.#at += 1;
    while (this.#at < this.#text.length && this.#text[this.#at] !== '`') {
      if (this.#text.startsWith('${', this.#at)) {
        pieces.push({ literal }, { expression: this.#substitution() });
        literal = '';
      } else literal += this.#character();
    }
    this.#at += 1;
    this.#tokens.push(stringToken([...pieces, { literal }], line));
  }

  #substitution(): string {
    const start = this.#at + 2;
    let open = 0;
    for (this.#at += 1; this.#at < this.#text.length; this.#at += 1) {
      const character = this.#text[this.#at];
      if (character === '\n') this.#line += 1;
      if (character === '{') open += 1;
      if (character === '}') open -= 1;
      if (open === 0) break;
    }
    const expression = this.#text.slice(start, this.#at);
    this.#at += 1;
    return expression;
  }

  #character(): string {
    const character = this.#text[this.#at] ?? '';
    const next = this.#text[this.#at + 1] ?? '';
    this.#at += 1;
    if (character === '\n') this.#line += 1;
    if (character !== '\\') return character;
    this.#at += 1;
    if (next === '\n') this.#line += 1;
    return escapes.get(next) ?? next;
  }
}

/** A line end between `(` and `)` or `[` and `]` ends nothing. */
function withoutInnerLines(tokens: readonly CodeToken[]): readonly CodeToken[] {
  const open: string[] = [];
  return tokens.filter(({ kind, text }) => {
    if (kind === 'operator' && /^[([{]$/.test(text)) open.push(text);
    if (kind === 'operator' && /^[)\]}]$/.test(text)) open.pop();
    return kind !== 'newline' || open.length === 0 || open.at(-1) === '{';
  });
}

const linesIn = (text: string): number => text.split('\n').length - 1;

const escapes: ReadonlyMap<string, string> = new Map([
  ['\n', ''],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);
