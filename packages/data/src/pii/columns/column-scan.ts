import type { Finding } from '@holdfast/recognisers/finding';
import { fold } from '@holdfast/recognisers/fold';
import type { Recogniser } from '@holdfast/recognisers/recogniser';
import { type Hash, Samples } from '../samples.ts';
import type { Held, LookedColumn } from './looked-column.ts';
import { longestCell } from './whole-forms.ts';

/** What was found of one kind in one column. */
export interface Found {
  readonly name: string;
  readonly cells: number;
  /** From 0 to 1. */
  readonly confidence: number;
  readonly why: readonly string[];
  readonly samples: readonly string[];
}

interface Tally {
  cells: number;
  confidence: number;
  readonly why: Set<string>;
  readonly samples: Samples;
}

/** Between two cells: a word speaks neither across two ends of lines nor does anything go on beyond them. */
const between = '\n\n';
/** UTF-16 units that are searched at once. */
const batch = 1 << 17;

interface Judged {
  /** What nearly every cell is held to be. */
  readonly held: Held | undefined;
  /** Kinds whose check the whole cells of the column pass no more often than by chance. */
  readonly refuted: ReadonlySet<string>;
}

interface Tools {
  readonly recogniser: Recogniser;
  readonly hash: Hash;
  readonly samples: number;
}

/** Looks at every cell of one column, many at a time. */
export class ColumnScan {
  readonly column: LookedColumn;
  present = 0;
  /** Cells with characters that nobody sees, or that turn the order of others around. */
  hidden = 0;
  readonly #judged: Judged;
  readonly #tools: Tools;
  readonly #tallies = new Map<string, Tally>();
  #cells: string[] = [];
  #length = 0;

  constructor(column: LookedColumn, judged: Judged, tools: Tools) {
    this.column = column;
    this.#judged = judged;
    this.#tools = tools;
  }

  add(cell: string): void {
    this.present += 1;
    if (unseen.test(cell)) this.hidden += 1;
    this.#cells.push(cell);
    this.#length += cell.length + between.length;
    if (this.#length >= batch) this.flush();
  }

  /** Counts something in a cell that was found another way. */
  count(name: string, value: string, confidence: number, why: string): void {
    let tally = this.#tallies.get(name);
    if (tally === undefined) {
      tally = { cells: 0, confidence: 0, why: new Set(), samples: new Samples(this.#tools.hash, this.#tools.samples) };
      this.#tallies.set(name, tally);
    }
    tally.cells += 1;
    tally.confidence += confidence;
    if (tally.why.size < 8) tally.why.add(why);
    tally.samples.add(value);
  }

  flush(): void {
    const cells = this.#cells;
    const text = cells.join(between);
    this.#cells = [];
    this.#length = 0;
    const findings = this.#tools.recogniser.recognise(text, { context: this.column.header });
    let next = 0;
    let start = 0;
    for (const cell of cells) {
      const end = start + cell.length;
      const own: Finding[] = [];
      while ((findings[next]?.start ?? Number.POSITIVE_INFINITY) < end) own.push(...findings.slice(next, (next += 1)));
      this.#cell(
        cell,
        own.filter((finding) => finding.start >= start && finding.end <= end),
        start,
      );
      start = end + between.length;
    }
  }

  get found(): Found[] {
    this.flush();
    return [...this.#tallies].map(([name, { cells, confidence, why, samples }]) => ({
      ...{ name, cells, why: [...why], samples: samples.shown },
      confidence: Math.round((confidence / cells) * 1000) / 1000,
    }));
  }

  #cell(cell: string, findings: readonly Finding[], start: number): void {
    const { held, refuted } = this.#judged;
    const whole = cell.length <= longestCell ? fold(cell).trim() : undefined;
    const isHeld = held !== undefined && whole !== undefined && held.is(whole);
    const told = new Set<string>();
    if (isHeld) {
      told.add(held.name);
      this.count(held.name, cell, held.confidence, held.why.join(' and '));
    }
    for (const { type, start: from, end, confidence, why } of findings) {
      const value = cell.slice(from - start, end - start);
      const isWhole = value.length >= cell.trim().length;
      if (told.has(type) || (isWhole && (isHeld || refuted.has(type)))) continue;
      told.add(type);
      this.count(type, value, confidence, why.checksum ?? why.form);
    }
  }
}

const unseen = /[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/u;
