/** Σ coefficient · column + constant. */
export interface LinearForm {
  readonly terms: readonly { readonly column: string; readonly coefficient: number }[];
  readonly constant: number;
}

/** A rule between columns: a column that follows from others, or an order that holds. */
export type TableRule =
  | { readonly text: string; readonly kind: 'equal'; readonly column: string; readonly form: LinearForm }
  /** left − right, which is not above 0. */
  | { readonly text: string; readonly kind: 'order'; readonly form: LinearForm };

export const ruleLimits = { characters: 2000, terms: 100 } as const;

/**
 * Reads `total = a + b`, `debt = 0.5 * income - 100` or `a <= b`. Words stand apart: a name may hold a hyphen, one with a
 * space or that looks like a number stands between double quotes.
 * @returns a message where the text is no rule
 */
export function parseRule(text: string): TableRule | string {
  if (text.length > ruleLimits.characters) return `is longer than ${ruleLimits.characters} characters`;
  if (text.split('"').length % 2 === 0) return 'has an open quote';
  const words = text.match(/"[^"]*"|[^\s"]+/g) ?? [];
  const signs = words.flatMap((word, index) => (['=', '<=', '>='].includes(word) ? [index] : []));
  const [at] = signs;
  if (at === undefined || signs.length > 1) return 'has not one `=`, `<=` or `>=`, with spaces around it';
  const [left, right] = [parseForm(words.slice(0, at)), parseForm(words.slice(at + 1))];
  if (typeof left === 'string') return left;
  if (typeof right === 'string') return right;
  if (words[at] !== '=') {
    const form = words[at] === '<=' ? difference(left, right) : difference(right, left);
    return form.terms.length === 0 ? 'names no column' : { text, kind: 'order', form };
  }
  const [own, ...others] = left.terms;
  if (own?.coefficient !== 1 || others.length > 0 || left.constant !== 0)
    return 'has more than a column before its `=`';
  return { text, kind: 'equal', column: own.column, form: right };
}

/** Terms with their signs between them. */
function parseForm(words: readonly string[]): LinearForm | string {
  let constant = 0;
  const sums = new Map<string, number>();
  let rest = words;
  for (let isFirst = true; isFirst || rest.length > 0; isFirst = false) {
    const sign = rest[0] === '+' || rest[0] === '-' ? rest[0] : undefined;
    if (sign === undefined && !isFirst) return `has \`${rest[0] ?? ''}\` where \`+\` or \`-\` should be`;
    const term = sign === undefined ? rest : rest.slice(1);
    const isProduct = term[1] === '*';
    const factor = numberOf(term[0]);
    if (isProduct && factor === undefined) return 'has no number before its `*`';
    const last = isProduct ? term[2] : term[0];
    if (last === undefined || /^(?:[-+*=]|[<>]=)$/.test(last)) return 'has a sign without a term behind it';
    const value = isProduct ? undefined : factor;
    const signed = (sign === '-' ? -1 : 1) * (isProduct ? (factor ?? 1) : 1);
    if (value !== undefined) constant += signed * value;
    else sums.set(nameOf(last), (sums.get(nameOf(last)) ?? 0) + signed);
    rest = term.slice(isProduct ? 3 : 1);
  }
  if (sums.size > ruleLimits.terms) return `has more than ${ruleLimits.terms} terms`;
  const terms = [...sums].map(([column, coefficient]) => ({ column, coefficient }));
  return { terms: terms.filter(({ coefficient }) => coefficient !== 0), constant };
}

function numberOf(word: string | undefined): number | undefined {
  return word !== undefined && /^-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d{1,2})?$/i.test(word) ? Number(word) : undefined;
}

function nameOf(word: string): string {
  return word.startsWith('"') ? word.slice(1, -1) : word;
}

/** One form less another. */
export function difference(a: LinearForm, b: LinearForm): LinearForm {
  return combined([
    [a, 1],
    [b, -1],
  ]);
}

/** Σ weight · form, with every column once. */
export function combined(parts: readonly (readonly [LinearForm, number])[]): LinearForm {
  const sums = new Map<string, number>();
  let constant = 0;
  for (const [form, weight] of parts) {
    constant += weight * form.constant;
    for (const { column, coefficient } of form.terms) {
      sums.set(column, (sums.get(column) ?? 0) + weight * coefficient);
    }
  }
  const terms = [...sums].map(([column, coefficient]) => ({ column, coefficient }));
  return { terms: terms.filter(({ coefficient }) => coefficient !== 0), constant };
}
