import { BlockSearch, blockLength, type Work } from './block-search.ts';
import type { Candidate } from './candidate.ts';
import type { Compiled } from './compiled.ts';
import { after, saidOutside } from './context.ts';
import { RecogniserError } from './errors.ts';
import type { Finding } from './finding.ts';
import { FoldedText } from './fold.ts';
import { withoutOverlaps } from './overlaps.ts';

/** What is kept of the text before a block: words that may go with what is in it, and what patterns look back at. */
const kept = 512;

/** More candidates than this that overlap each other one by one are settled among themselves. */
const crowd = 4096;

/**
 * A text that comes in pieces. It is searched in blocks of 8,192 units of the folded text, each with what
 * follows it in sight, so that what is found does not depend on where the pieces were cut.
 */
export class RecogniserStream {
  readonly #text = new FoldedText();
  readonly #search: BlockSearch;
  readonly #ahead: number;
  #next = 0;
  #pending: Candidate[] = [];
  #pendingEnd = 0;
  #hasEnded = false;

  constructor(compiled: Compiled, minConfidence: number, context: string | undefined) {
    this.#search = new BlockSearch(compiled, minConfidence, saidOutside(compiled.words, context ?? ''));
    this.#ahead = compiled.longest + after;
  }

  /** How much was looked at, and how often: what has to grow with the text and no faster. */
  get work(): Readonly<Work> {
    return this.#search.work;
  }

  /**
   * Takes the next piece.
   * @returns what is settled by now; offsets are of the whole text
   * @throws RecogniserError HF_RECOGNISERS_ENDED after `end`
   */
  push(piece: string): Finding[] {
    this.#requireOpen();
    this.#text.append(piece);
    return this.#advance(false);
  }

  /** Says that there is nothing more, and hands out what is left. */
  end(): Finding[] {
    this.#requireOpen();
    this.#hasEnded = true;
    this.#text.end();
    return [...this.#advance(true), ...this.#settle()];
  }

  #requireOpen(): void {
    if (this.#hasEnded) throw new RecogniserError('HF_RECOGNISERS_ENDED', 'text came after the end of a stream');
  }

  #advance(isLast: boolean): Finding[] {
    const { base } = this.#text;
    const length = base + this.#text.text.length;
    const findings: Finding[] = [];
    while (isLast ? this.#next < length : this.#next + blockLength + this.#ahead < length) {
      for (const candidate of this.#search.block(this.#text.text, base, this.#next)) this.#add(candidate, findings);
      this.#next += blockLength;
    }
    if (this.#pendingEnd <= this.#next) findings.push(...this.#settle());
    const keep = Math.max(base, this.#next - kept);
    if (keep - base > blockLength) this.#text.forget(keep);
    return findings;
  }

  /** Candidates come in the order of their starts. */
  #add(candidate: Candidate, findings: Finding[]): void {
    if (candidate.start >= this.#pendingEnd || this.#pending.length >= crowd) findings.push(...this.#settle());
    this.#pending.push(candidate);
    this.#pendingEnd = Math.max(this.#pendingEnd, candidate.end);
  }

  #settle(): Finding[] {
    const settled = withoutOverlaps(this.#pending);
    this.#pending = [];
    return settled.map(({ type, start, end, confidence, why }) => ({
      type: type.name,
      start: this.#text.offset(start),
      end: this.#text.offset(end),
      confidence,
      why,
    }));
  }
}
