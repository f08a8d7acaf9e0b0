/** A piece of program text. Comments are left out. */
export interface CodeToken {
  readonly kind: 'name' | 'number' | 'string' | 'operator' | 'newline';
  /** The name, the operator; the value of a string whose every character is known, else `''`. */
  readonly text: string;
  /** From 1. */
  readonly line: number;
  /** A string's parts: texts, and expressions that are put in between when it runs (f-strings, template literals). */
  readonly pieces?: readonly StringPiece[];
}

export type StringPiece = { readonly literal: string } | { readonly expression: string };

/** Most tokens of a file that are looked at. */
export const maximumTokens = 200_000;

/** A string token from its pieces. */
export function stringToken(pieces: readonly StringPiece[], line: number): CodeToken {
  const isKnown = pieces.every((piece) => 'literal' in piece);
  const text = isKnown ? pieces.map((piece) => ('literal' in piece ? piece.literal : '')).join('') : '';
  return { kind: 'string', text, line, pieces };
}

/** Whether a token is this operator. */
export const isOperator = (token: CodeToken | undefined, text: string): boolean =>
  token?.kind === 'operator' && token.text === text;
