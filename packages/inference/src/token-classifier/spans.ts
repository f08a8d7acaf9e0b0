import type { TokenLabel } from './label-scheme.ts';
import type { Token } from './tokenizer.ts';

/** A stretch of a text with what the model takes it for. */
export interface LabelledSpan {
  /** The label without `B-`, `I-` and the like. */
  readonly label: string;
  /** UTF-16 units of the text as it was given. */
  readonly start: number;
  /** The first unit behind. */
  readonly end: number;
  /** The mean of the probabilities of its parts, 0 to 1. */
  readonly score: number;
}

/** What the model says of a token: the most probable label and its probability. */
export interface Judged {
  /** Index of the label. */
  readonly label: number;
  readonly score: number;
}

/**
 * What is put together: `simple` takes every token by itself, `first` takes a word for what its first token is. The words are those of
 * `aggregation_strategy` in transformers.
 */
export type Aggregation = 'simple' | 'first';

/** The spans of a text, in order. @param judged one for each token */
export function spansOf(
  tokens: readonly Token[],
  judged: readonly Judged[],
  labels: readonly TokenLabel[],
  aggregation: Aggregation,
): LabelledSpan[] {
  const spans: LabelledSpan[] = [];
  let open: OpenSpan | undefined;
  for (const { start, end, label, score } of aggregation === 'first' ? words(tokens, judged) : each(tokens, judged)) {
    const { kind, begins, ends } = labels[label] ?? { begins: true, ends: true };
    if (open !== undefined && open.kind === kind && !begins) open.add(end, score);
    else {
      if (open !== undefined) spans.push(open.done());
      open = kind === undefined ? undefined : new OpenSpan(kind, start, end, score);
    }
    if (ends && open !== undefined) spans.push(open.done());
    if (ends) open = undefined;
  }
  if (open !== undefined) spans.push(open.done());
  return spans.filter(({ start, end }) => end > start);
}

class OpenSpan {
  readonly kind: string;
  readonly #start: number;
  #end: number;
  #sum: number;
  #parts = 1;

  constructor(kind: string, start: number, end: number, score: number) {
    this.kind = kind;
    this.#start = start;
    this.#end = end;
    this.#sum = score;
  }

  add(end: number, score: number): void {
    this.#end = Math.max(this.#end, end);
    this.#sum += score;
    this.#parts += 1;
  }

  done(): LabelledSpan {
    return { label: this.kind, start: this.#start, end: this.#end, score: this.#sum / this.#parts };
  }
}

type Part = Pick<Token, 'start' | 'end'> & Judged;

function* each(tokens: readonly Token[], judged: readonly Judged[]): Generator<Part> {
  for (const [index, { start, end }] of tokens.entries()) {
    const { label, score } = judged[index] ?? { label: -1, score: 0 };
    yield { start, end, label, score };
  }
}

function* words(tokens: readonly Token[], judged: readonly Judged[]): Generator<Part> {
  let word: (Part & { number: number }) | undefined;
  for (const [index, token] of tokens.entries()) {
    if (word?.number === token.word) word = { ...word, end: token.end };
    else {
      if (word !== undefined) yield word;
      const { label, score } = judged[index] ?? { label: -1, score: 0 };
      word = { start: token.start, end: token.end, label, score, number: token.word };
    }
  }
  if (word !== undefined) yield word;
}
