import { shown } from '../../errors.ts';
import type { TableDefect } from '../table.ts';

/** Values that are looked at below the first line. */
const mostCells = 200_000;
const mostRows = 1000;
/** Characters; what is longer is text. */
const longest = 200;

/** In the order in which they are tried; looser than the types of columns are, since `1.234,50 €` is no name either. */
const kinds: readonly RegExp[] = [
  /^(?:\d{4}[-/.]\d{1,2}(?:[-/.]\d{1,2})?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})(?:[T ]\d{1,2}:\d{2}.*)?$|^\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?$/,
  /^[+-]?[$€£¥]?(?:\d[\d.,'_ ]*|[.,]\d+)(?:e[+-]?\d{1,4})?[%$€£¥]?$/i,
  /^(?:true|false)$/i,
  /^(?:[0-9a-f]{16,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i,
  /^(?:https?:\/\/\S+|[^\s@]+@[^\s@]+\.[^\s@]+)$/,
];

const absent: ReadonlySet<string> = new Set(['', '?', '-', 'na', 'n/a', 'nan', 'null', 'none', 'inf', '-inf']);

/** What the cells of the first line say about it. */
interface Votes {
  /** Cells of the kind that most values below them are. */
  alike: number;
  /** Other cells that come back below. */
  repeated: number;
  /** Cells that are not of the kind that most values below them are. */
  against: number;
  readonly named: number;
  /** Cells that are empty (the first, most often above numbers of rows, aside) or there more than once. */
  readonly odd: number;
  readonly columns: number;
}

/**
 * Whether the first line of a CSV file holds names. Nothing says so in such a file (RFC 4180, section 3, `header`), and whoever takes a
 * row for names loses it. As `csv.Sniffer.has_header` of Python and the sniffer of DuckDB do, each cell is held against the kind of
 * what is below it: a number above numbers is a row like the others, a text above them a name. Unlike these, a tie and what
 * says nothing but for a value that comes back are told, for somebody to decide. Of texts alone, none of which comes back, nothing can
 * be told: they are taken for names.
 */
export class FirstLine {
  readonly #cells: readonly string[];
  readonly #absent: ReadonlySet<string>;
  readonly #rows: (readonly string[])[] = [];
  readonly #most: number;

  constructor(cells: readonly string[], missing: readonly string[] = []) {
    this.#cells = cells.map((cell) => cell.trim());
    this.#absent = new Set([...absent, ...missing.map((text) => text.trim().toLowerCase())]);
    this.#most = Math.max(10, Math.min(mostRows, Math.floor(mostCells / Math.max(1, cells.length))));
  }

  /** Whether enough rows were seen. */
  get isFull(): boolean {
    return this.#rows.length >= this.#most;
  }

  add(row: readonly string[]): void {
    this.#rows.push(row);
  }

  /** What is to be said where a line that was taken for names looks like data. */
  unlikeNames(): TableDefect | undefined {
    const votes = this.#votes();
    const { alike, repeated, against, named, odd, columns } = votes;
    const isLike = alike + repeated >= against && (alike > 0 || (repeated > 0 && 2 * repeated >= named));
    const isOdd = against === 0 && columns > 1 && 2 * odd > columns;
    if (!isLike && !isOdd) return undefined;
    const why = isLike
      ? `${alike + repeated} of its ${columns} cells are like the values below them`
      : `${odd} of its ${columns} cells are empty or there twice`;
    const message = `the first line is taken for names, and looks like data: ${why}; say \`header: false\` (\`--no-header\`) where it is a row, \`header: true\` (\`--header\`) where it holds names`;
    return { kind: 'header', message, isLeftOut: true };
  }

  /** What is to be said where names were given, and the first line, taken for a row, holds the same. */
  sameNames(names: readonly string[]): TableDefect | undefined {
    const same = names.filter((name, index) => name.trim().toLowerCase() === this.#cells[index]?.toLowerCase());
    if (2 * same.length <= names.length) return undefined;
    const message = `the first line is taken for a row, and holds names that \`names\` gives, such as ${shown(same[0] ?? '')}; leave out \`names\` where it is the line of names, say \`header: false\` (\`--no-header\`) where it is a row`;
    return { kind: 'header', message, row: 1, isLeftOut: true };
  }

  #votes(): Votes {
    const named = this.#cells.filter((cell) => !this.#isAbsent(cell));
    const empty = this.#cells.filter((cell, index) => cell === '' && index > 0).length;
    const votes: Votes = {
      ...{ alike: 0, repeated: 0, against: 0, named: named.length, columns: this.#cells.length },
      odd: empty + named.length - new Set(named).size,
    };
    for (const [index, cell] of this.#cells.entries()) {
      if (!this.#isAbsent(cell)) this.#vote(votes, cell, index);
    }
    return votes;
  }

  #vote(votes: Votes, cell: string, index: number): void {
    const below = this.#rows.map((row) => (row[index] ?? '').trim()).filter((value) => !this.#isAbsent(value));
    const kind = below.length === 0 ? kindOf(cell) : kinds.find((one) => mostAre(one, below));
    if (kind !== undefined && is(kind, cell)) votes.alike += 1;
    else if (below.includes(cell)) votes.repeated += 1;
    else if (kind !== undefined || this.#rows.length === 0) votes.against += 1;
  }

  #isAbsent(text: string): boolean {
    return this.#absent.has(text.toLowerCase());
  }
}

const is = (kind: RegExp, text: string): boolean => text.length <= longest && kind.test(text);

const kindOf = (text: string): RegExp | undefined => kinds.find((kind) => is(kind, text));

const mostAre = (kind: RegExp, texts: readonly string[]): boolean =>
  2 * texts.filter((text) => is(kind, text)).length > texts.length;
