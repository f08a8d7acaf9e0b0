/** What a label of a model says of a token. */
export interface TokenLabel {
  /** What it is, without its prefix; absent where it is nothing. */
  readonly kind?: string;
  /** Whether it begins something, whatever stands before it. */
  readonly begins: boolean;
  /** Whether what follows is not of the same thing. */
  readonly ends: boolean;
}

/**
 * The labels of a model by their ids: `B-`, `I-` (BIO), with `E-`, `S-` or `L-`, `U-` (BIOES, BILOU), or without a prefix (IO).
 * The further prefixes count only where every label has one: `S-Bahn` may be a name.
 * @param names by id; `O` is nothing
 */
export function labelScheme(names: readonly string[]): TokenLabel[] {
  const labels = names.filter((name) => name !== 'O');
  const isLonger = labels.every((name) => /^[BIESLUM]-./.test(name));
  return names.map((name) => {
    if (name === 'O') return { begins: true, ends: true };
    const prefix = (isLonger ? /^[BIESLUM]-/ : /^[BI]-/).exec(name)?.[0] ?? '';
    return {
      kind: name.slice(prefix.length),
      begins: ['B-', 'S-', 'U-'].includes(prefix),
      ends: ['E-', 'L-', 'S-', 'U-'].includes(prefix),
    };
  });
}
