import type { Span, SpanFinder } from '../names/span-finder.ts';
import type { ColumnScan } from './columns/column-scan.ts';

/** Of spans, those that are personal, and what they are called here. */
const kinds: Readonly<Record<string, string>> = {
  person: 'person-name',
  address: 'street-address',
  location: 'city',
};

/** A text of fewer words is no sentence: what it is, its column says. */
const leastWords = 4;
const leastScore = 0.5;
/** Texts that are handed over at once. */
const batch = 32;

interface Waiting {
  readonly scan: ColumnScan;
  readonly text: string;
}

/** Texts that a classifier looks for names in, some at a time. */
export class FreeText {
  readonly #finder: SpanFinder | undefined;
  /** Texts that the classifier did not look at whole. */
  left = 0;
  #waiting: Waiting[] = [];

  constructor(finder: SpanFinder | undefined) {
    this.#finder = finder;
  }

  add(scan: ColumnScan, text: string): void {
    if (this.#finder === undefined || !isSentence(text)) return;
    this.#waiting.push({ scan, text });
  }

  async flush(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    if (this.#finder === undefined || waiting.length === 0) return;
    for (let at = 0; at < waiting.length; at += batch) await this.#find(this.#finder, waiting.slice(at, at + batch));
  }

  /** A text that a classifier fails at is left, and those with it are looked at by themselves. */
  async #find(finder: SpanFinder, some: readonly Waiting[]): Promise<void> {
    try {
      const found = await finder.find(some.map(({ text }) => text));
      for (const [at, { scan, text }] of some.entries()) count(scan, text, found[at] ?? []);
    } catch {
      if (some.length === 1) this.left += 1;
      else for (const one of some) await this.#find(finder, [one]);
    }
  }
}

/** Each kind once a cell, as it is surest. */
function count(scan: ColumnScan, text: string, spans: readonly Span[]): void {
  const best = new Map<string, Span>();
  for (const span of spans) {
    const name = kinds[span.label];
    if (name !== undefined && span.score >= Math.max(leastScore, best.get(name)?.score ?? 0)) best.set(name, span);
  }
  for (const [name, { start, end, score }] of best) {
    scan.count(name, text.slice(start, end), Math.min(0.999, score), 'classifier of free text');
  }
}

const isSentence = (text: string): boolean =>
  text.length > 200 || text.trim().split(/\s+/, leastWords).length === leastWords;
