import { NotUnderstood } from '../../bytes/source.ts';
import { shown } from '../../finding.ts';
import type { Token } from './lexer.ts';

/** Each link is a level of the tree, as the parts of `a + b + c` are. */
const longestChain = 200;

const end: Token = { type: 'end', value: '', at: 0 };

/** Tokens one after the other, and how deep the parser is. */
export class TokenStream {
  readonly #tokens: readonly Token[];
  readonly #depth: number;
  #index = 0;
  #nesting = 0;

  /** @param depth of statements and expressions within each other */
  constructor(tokens: readonly Token[], depth: number) {
    this.#tokens = tokens;
    this.#depth = depth;
  }

  get current(): Token {
    return this.#tokens[this.#index] ?? this.#tokens.at(-1) ?? end;
  }

  get following(): Token {
    return this.#tokens[this.#index + 1] ?? end;
  }

  take(): Token {
    const { current } = this;
    this.#index += 1;
    return current;
  }

  /** Whether the current token is of one of these types. */
  is(...types: readonly string[]): boolean {
    return types.includes(this.current.type);
  }

  /** Whether the current token is one of these names. */
  isName(...names: readonly string[]): boolean {
    return this.current.type === 'name' && names.includes(this.current.value);
  }

  skip(type: string): boolean {
    if (!this.is(type)) return false;
    this.#index += 1;
    return true;
  }

  skipName(name: string): boolean {
    if (!this.isName(name)) return false;
    this.#index += 1;
    return true;
  }

  expect(type: string): Token {
    if (this.is(type)) return this.take();
    throw this.unexpected(`\`${type}\` is expected`);
  }

  expectName(name: string): Token {
    if (this.isName(name)) return this.take();
    throw this.unexpected(`\`${name}\` is expected`);
  }

  unexpected(problem: string): NotUnderstood {
    const { type, value, at } = this.current;
    return new NotUnderstood(`not a template: ${problem}, not ${shown(value === '' ? type : value, 20)}`, at);
  }

  /** Says how long a chain of operators, filters or calls is. @throws NotUnderstood when that is too long */
  chain(links: number): void {
    if (links > longestChain) throw new NotUnderstood(`a chain of more than ${longestChain} links`, this.current.at);
  }

  /** Goes one level deeper while it parses. @throws NotUnderstood when that is too deep */
  nested<T>(parse: () => T): T {
    this.#nesting += 1;
    if (this.#nesting > this.#depth) throw new NotUnderstood('a template nested too deeply', this.current.at);
    const result = parse();
    this.#nesting -= 1;
    return result;
  }
}
