// Where the gateway is, who asks, and what an answer says. ORIGIN and KEY come from the environment.
export const origin = process.env['ORIGIN'] ?? 'http://127.0.0.1:18080';
const key = process.env['KEY'] ?? '';

/** The features of an applicant in the order that the model takes them. */
export type Row = readonly number[];

export interface Answer {
  readonly status: number;
  /** What refused it; undefined for an answer of the model. */
  readonly code: string | undefined;
  readonly detail: string | undefined;
  readonly probability: number | undefined;
}

interface Body {
  readonly title?: string;
  readonly detail?: string;
  readonly outputs?: readonly { readonly data: readonly number[] }[];
}

/** Asks the model about one row. @param shown what is shown instead of KEY */
export async function ask(row: Row, shown = key): Promise<Answer> {
  const inputs = [{ name: 'features', datatype: 'FP32', shape: [1, row.length], data: row }];
  const response = await fetch(`${origin}/v2/models/credit/infer`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(shown === '' ? {} : { authorization: `Bearer ${shown}` }) },
    body: JSON.stringify({ inputs }),
  });
  const { title, detail, outputs } = (await response.json()) as Body;
  return { status: response.status, code: title, detail, probability: outputs?.[0]?.data[0] };
}

/** Least and greatest of age, income, years of employment, loan, months, debt, late payments, years of history, owner. */
export const ranges: readonly (readonly [number, number])[] = [
  [18, 79],
  [9_000, 250_000],
  [0, 45],
  [500, 120_000],
  [12, 84],
  [0, 0.95],
  [0, 9],
  [0, 50],
  [0, 1],
];

export const ordinary: Row = [41, 32_000, 8, 9_000, 36, 0.28, 0, 10, 1];

/** Uniform in [0, 1), the same each time: Mulberry32. */
export function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Counts answers by what they were, and prints it. */
export class Tally {
  readonly #counts = new Map<string, number>();
  add({ code, detail }: Answer): void {
    const what = code === undefined ? 'answered' : `${code}: ${detail ?? ''}`;
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
  }
  print(): void {
    for (const [what, count] of this.#counts) console.log(`  ${String(count).padStart(5)}  ${what}`);
  }
}
