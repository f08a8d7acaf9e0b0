import { NotUnderstood } from '../../bytes/source.ts';

export interface Token {
  readonly kind: 'name' | 'text' | 'number' | 'sign';
  readonly text: string;
  /** Offset in characters. */
  readonly at: number;
}

const patterns = [
  ['name', /[A-Za-z_][A-Za-z0-9_]*/y],
  ['text', /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/y],
  ['number', /(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?j?/y],
  ['sign', /->|[=!<>]=|\/\/|\*\*|<<|>>|[()[\]{},:.=+\-*/%<>&|~;]/y],
] as const;
const blank = /(?:[ \t\r\n]|#[^\n]*)+/y;

/**
 * The words of TorchScript as PyTorch writes it: Python's, without decorators, comprehensions' lambdas, formatted strings
 * and what marks a call of Python (`^`).
 *
 * @throws NotUnderstood for anything else
 */
export function* tokensOf(code: string): Generator<Token, void> {
  for (let at = 0; at < code.length; ) {
    blank.lastIndex = at;
    if (blank.test(code)) {
      at = blank.lastIndex;
      continue;
    }
    const token = tokenAt(code, at);
    yield token;
    at += token.text.length;
  }
}

function tokenAt(code: string, at: number): Token {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const text = pattern.exec(code)?.[0];
    if (text !== undefined) return { kind, text, at };
  }
  throw new NotUnderstood('code that is no TorchScript', at);
}

/** Tokens one after the other, with a look at those that follow: code may be longer than its tokens fit in memory. */
export class TokenReader {
  readonly #tokens: Generator<Token, void>;
  #ahead: Token[] = [];

  /** @throws NotUnderstood as {@link tokensOf}, at any of its methods */
  constructor(code: string) {
    this.#tokens = tokensOf(code);
  }

  /** The one that `count` places further on; 0 is the one that is taken next. */
  peek(count: number): Token | undefined {
    while (this.#ahead.length <= count) {
      const next = this.#tokens.next();
      if (next.done === true) return undefined;
      this.#ahead.push(next.value);
    }
    return this.#ahead[count];
  }

  take(): Token | undefined {
    const token = this.peek(0);
    this.#ahead.shift();
    return token;
  }
}
