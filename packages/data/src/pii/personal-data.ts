import type { Table } from '@holdfast/dataset';
import { fold } from '@holdfast/recognisers/fold';
import { Recogniser } from '@holdfast/recognisers/recogniser';
import { rowHash, rowsOf } from '../drift/values.ts';
import type { SpanFinder } from '../names/span-finder.ts';
import { rowsOfText } from './cells/row-cells.ts';
import { ColumnBook } from './columns/column-book.ts';
import { ColumnScan, type Found } from './columns/column-scan.ts';
import { type Judgement, judge } from './columns/judge.ts';
import { longestCell } from './columns/whole-forms.ts';
import { FreeText } from './free-text.ts';
import { type Joined, JoinedScan, joinedIn } from './joined/joined.ts';
import type { Sampled } from './kinds/column-kind.ts';
import type { Hash } from './samples.ts';

type Tables = readonly [Table, ...Table[]];

/** What was found in one column, or in nested values of it. */
export interface ColumnFound extends Found {
  /** The place of the column in the table, from 0; of the first of several. */
  readonly place: number;
  readonly label: string;
  /** Cells with a value. */
  readonly present: number;
}

export interface PersonalData {
  readonly rows: number;
  readonly columns: number;
  /** How the columns are called in a report. */
  readonly labels: readonly string[];
  readonly found: readonly ColumnFound[];
  /** Columns with characters that nobody sees, and in how many cells. */
  readonly hidden: readonly { readonly label: string; readonly cells: number }[];
  /** What was not understood, one line each. */
  readonly left: readonly string[];
  /** The classifier that looked for names in free text. */
  readonly finder: SpanFinder['model'] | undefined;
}

export interface Looking {
  readonly signal: AbortSignal;
  readonly progress: (done: number) => void;
  readonly hash: Hash;
  /** Hashes that stand for values, of each kind in each column. */
  readonly samples: number;
  readonly minConfidence: number;
  readonly finder: SpanFinder | undefined;
}

/** Rows that are judged before all are looked at, and cells of them in all. */
const sampledRows = 2000;
const sampledCells = 2_000_000;
const leastSampled = 50;
/** Different cells of a column that are judged. */
const mostDifferent = 400;

/** What personal data and secrets a table holds, by column. Every cell is looked at. */
export async function personalDataOf(tables: Tables, looking: Looking): Promise<PersonalData> {
  const recogniser = new Recogniser({ minConfidence: looking.minConfidence });
  const sample = await sampleOf(tables, looking.signal);
  const book = new ColumnBook(tables[0], recogniser, (place) => sample.cells(place));
  const parts = sample.partsIn(book);
  const judgements = book.columns.map((column, at) =>
    judge(column, sampledFrom(parts[at] ?? []), looking.minConfidence),
  );
  const joined = joinedIn(sample.rows, judgements);
  const whole = new WholeTable(book, judgements, { looking, recogniser, joined });
  let done = 0;
  const rows = rowsOf(tables);
  for await (const { count, cells, binary } of rowsOfText(tables, looking.signal)) {
    await whole.add(cells, binary);
    looking.progress((done += count) / Math.max(1, rows));
  }
  const labels = book.columns.slice(0, tables[0].columns.length).map(({ label }) => label);
  return { rows, columns: labels.length, labels, ...(await whole.end()), finder: looking.finder?.model };
}

/** Looks at all rows, chunk by chunk. */
class WholeTable {
  readonly #book: ColumnBook;
  readonly #scans: (ColumnScan | undefined)[] = [];
  readonly #judgements: readonly Judgement[];
  readonly #tools;
  readonly #joined: JoinedScan;
  readonly #free: FreeText;
  readonly #binary = new Map<number, number>();

  constructor(
    book: ColumnBook,
    judgements: readonly Judgement[],
    { looking, recogniser, joined }: { looking: Looking; recogniser: Recogniser; joined: readonly Joined[] },
  ) {
    this.#book = book;
    this.#judgements = judgements;
    this.#tools = { recogniser, hash: looking.hash, samples: looking.samples };
    this.#joined = new JoinedScan(joined, looking);
    this.#free = new FreeText(looking.finder);
  }

  async add(cells: readonly (readonly (string | undefined)[])[], binary: readonly number[]): Promise<void> {
    for (const [place, column] of cells.entries()) {
      this.#binary.set(place, (this.#binary.get(place) ?? 0) + (binary[place] ?? 0));
      for (const cell of column) {
        if (cell === undefined) continue;
        for (const { column: at, text } of this.#book.partsOf(place, cell)) {
          const scan = this.#scanOf(at);
          scan.add(text);
          if (scan.column.isText && this.#judgements[at]?.held === undefined) this.#free.add(scan, text);
        }
      }
    }
    this.#joined.add(cells);
    await this.#free.flush();
  }

  async end(): Promise<Pick<PersonalData, 'found' | 'hidden' | 'left'>> {
    await this.#free.flush();
    const scans = this.#scans.filter((scan) => scan !== undefined);
    const label = (place: number): string => this.#book.columns[place]?.label ?? '';
    return {
      found: [
        ...scans.flatMap((scan) =>
          scan.found.map((found) => ({
            ...found,
            ...{ place: scan.column.place, label: scan.column.label, present: scan.present },
          })),
        ),
        ...this.#joined.found.map(({ from, count, present, ...found }) => ({
          ...{ ...found, present, place: from },
          label: Array.from({ length: count }, (_, at) => label(from + at)).join(' + '),
        })),
      ],
      hidden: scans
        .filter(({ hidden }) => hidden > 0)
        .map(({ hidden: cells, column }) => ({ label: column.label, cells })),
      left: [
        ...[...this.#binary]
          .filter(([, count]) => count > 0)
          .map(([place, count]) => `\`${label(place)}\`: ${count} cells are bytes that are no text`),
        ...[...this.#book.closed].map(
          ([place, count]) => `\`${label(place)}\`: ${count} nested cells are too long or too deep to be opened`,
        ),
        ...(this.#free.left === 0 ? [] : [`free text: ${this.#free.left} cells were not looked at by the classifier`]),
        ...(this.#joined.isFull
          ? ['some neighbouring cells: there are too many columns to put all of them together']
          : []),
      ],
    };
  }

  /** Names in nested values that the sample did not have come up later. */
  #scanOf(at: number): ColumnScan {
    const known = this.#scans[at];
    if (known !== undefined) return known;
    const column = this.#book.columns[at];
    if (column === undefined) throw new Error(`there is no column at ${at}`);
    const judged = this.#judgements[at] ?? { held: undefined, refuted: new Set<string>() };
    return (this.#scans[at] = new ColumnScan(column, judged, this.#tools));
  }
}

/** Rows by chance, the same ones each time. */
async function sampleOf(tables: Tables, signal: AbortSignal) {
  const rows = rowsOf(tables);
  const width = Math.max(1, tables[0].columns.length);
  const most = Math.min(sampledRows, Math.max(leastSampled, Math.floor(sampledCells / width)));
  const bound = (2n ** 60n * BigInt(most)) / BigInt(Math.max(1, rows));
  const where = (table: Table, part: number): string | undefined =>
    rows > most ? `${rowHash(table, part, 0)} < ${bound}` : undefined;
  const columns: (string | undefined)[][] = tables[0].columns.map(() => []);
  for await (const { cells } of rowsOfText(tables, signal, where)) {
    for (const [place, column] of cells.entries()) columns[place]?.push(...column);
  }
  return {
    rows: columns,
    cells: (place: number): string[] => (columns[place] ?? []).filter((cell) => cell !== undefined),
    /** By column of the book, the texts in it. */
    partsIn(book: ColumnBook): string[][] {
      const parts: string[][] = [];
      for (const [place, column] of columns.entries()) {
        for (const cell of column) {
          for (const { column: at, text } of cell === undefined ? [] : book.partsOf(place, cell)) {
            (parts[at] ??= []).push(text);
          }
        }
      }
      book.closed.clear();
      return parts;
    },
  };
}

function sampledFrom(texts: readonly string[]): Sampled {
  const cells = texts.map((text) => fold(text.slice(0, longestCell + 1)).trim()).filter((text) => text !== '');
  return { cells, different: [...new Set(cells)].slice(0, mostDifferent), rows: texts.length };
}
