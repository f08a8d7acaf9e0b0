import { isUtf8 } from 'node:buffer';
import { DatasetError, shown } from '../../errors.ts';
import type { TableDefect } from '../table.ts';
import { type Encoding, piecesOf, requireSaid } from './csv-pieces.ts';
import { CsvRecord, fieldsOf } from './csv-record.ts';
import { separatorOf } from './csv-separator.ts';
import { FirstLine } from './first-line.ts';
import { SpreadSample } from './spread-sample.ts';

/** What a file of CSV is, found out by reading all of its bytes once. */
export interface CsvSurvey {
  readonly separator: string;
  /** Of the line of names, or those given, or the numbers of the columns, from 0. */
  readonly names: readonly string[];
  /** Whether the first line holds names. */
  readonly isNamed: boolean;
  /** Records beside the line of names, those included that cannot be taken. */
  readonly rows: number;
  /** Numbers of the records that cannot be taken, in order. */
  readonly leftOut: readonly number[];
  readonly defects: readonly TableDefect[];
  /** Bytes of the longest record. */
  readonly longest: number;
  /** Whether lines end in more than one way. */
  readonly isMixed: boolean;
  /** The fields of some records that can be taken, from all over the file. */
  sample(): string[][];
}

export interface CsvForm {
  readonly names?: readonly string[];
  readonly header?: boolean;
  readonly missing?: readonly string[];
  readonly trim?: boolean;
  readonly separator?: string;
  readonly encoding?: Encoding;
  /** Whether quotes hold separators and line ends; they do unless this is false. */
  readonly quotes?: boolean;
}

/** Bytes of a record. */
const longestRecord = 2 ** 24;
/** Names of columns. */
const mostColumns = 20_000;
const mostLeftOut = 100_000;
const mostDefects = 10_000;

/** @throws DatasetError HF_DATASET_FORMAT, HF_DATASET_LIMIT, HF_DATASET_OPTIONS, HF_DATASET_UNREADABLE */
export function surveyCsv(path: string, form: CsvForm): CsvSurvey {
  const survey = new Survey(path, form);
  let kept: Uint8Array = new Uint8Array(0);
  let [waiting, size, tried] = [[] as Uint8Array[], 0, 0];
  for (const piece of piecesOf(path, form.encoding ?? 'utf-8')) {
    waiting.push(piece);
    size += piece.length;
    // a record that did not end is looked at again only when twice as much of it is there: time stays linear, and so does what is copied
    if (size < 2 * tried) continue;
    const bytes = joined(kept, waiting);
    kept = bytes.subarray(survey.take(bytes, false));
    [waiting, size, tried] = [[], kept.length, kept.length];
    if (kept.length > longestRecord) survey.refuseLength();
  }
  kept = joined(kept, waiting);
  if (kept.length > 0) survey.take(kept, true);
  return survey.result();
}

function joined(kept: Uint8Array, waiting: readonly Uint8Array[]): Uint8Array {
  const [only] = waiting;
  return kept.length === 0 && only !== undefined && waiting.length === 1 ? only : Buffer.concat([kept, ...waiting]);
}

class Survey {
  readonly #path: string;
  readonly #form: CsvForm;
  #record: CsvRecord | undefined;
  #separator = ',';
  #names: readonly string[] | undefined;
  readonly #isNamed: boolean;
  /** What is looked at to tell names from data; nothing where somebody said it. */
  #firstLine: FirstLine | undefined;
  #isSampled: boolean;
  #rows = 0;
  #longest = 0;
  readonly #leftOut = new Set<number>();
  readonly #defects: TableDefect[] = [];
  readonly #lineEnds = new Set<string>();
  readonly #spread = new SpreadSample();

  constructor(path: string, form: CsvForm) {
    this.#path = path;
    this.#form = form;
    this.#isNamed = form.header ?? form.names === undefined;
    this.#isSampled = form.header === undefined && form.quotes !== false;
  }

  /** Looks at the records that end within the bytes, and says where the last of them ends. */
  take(bytes: Uint8Array, isLast: boolean): number {
    const record = this.#record ?? this.#begin(bytes);
    const [ends, empty]: [number[], number[]] = [[], []];
    const first = this.#rows;
    let at = 0;
    while (at < bytes.length && record.read(bytes, at, isLast)) {
      if (record.lineEnd !== '') this.#lineEnds.add(record.lineEnd);
      this.#longest = Math.max(this.#longest, record.length);
      if (this.#names === undefined && this.#isNamed) this.#readNames(bytes.subarray(at, at + record.length), record);
      else if (this.#names === undefined && record.length === 0) empty.push(record.end);
      else if (record.length > 0 || this.#names?.length === 1) {
        if (this.#names === undefined) for (const end of this.#number(record, empty)) ends.push(end);
        if (this.#row(record)) this.#spread.see(this.#rows, bytes, at, record.length);
        if (this.#isSampled) this.#sample(bytes.subarray(at, at + record.length), record);
        ends.push(record.end);
      }
      at = record.end;
    }
    this.#texts(bytes, ends, first, at);
    return at;
  }

  refuseLength(): never {
    const message = `row ${this.#rows + 1} of ${shown(this.#path)} is longer than ${longestRecord} bytes`;
    throw new DatasetError('HF_DATASET_LIMIT', message, { where: this.#path });
  }

  result(): CsvSurvey {
    const { names } = this.#form;
    const odd = this.#isNamed ? this.#firstLine?.unlikeNames() : this.#firstLine?.sameNames(this.#names ?? []);
    if (odd !== undefined) this.#defects.unshift(odd);
    if (this.#names === undefined && names === undefined) {
      throw new DatasetError('HF_DATASET_FORMAT', `${shown(this.#path)} is empty: it has no line of names`, {
        where: this.#path,
      });
    }
    return {
      separator: this.#separator,
      names: this.#names ?? names ?? [],
      isNamed: this.#isNamed,
      rows: this.#rows,
      leftOut: [...this.#leftOut].toSorted((one, other) => one - other),
      defects: this.#defects.toSorted((one, other) => (one.row ?? 0) - (other.row ?? 0)),
      longest: this.#longest,
      isMixed: this.#lineEnds.size > 1,
      sample: () => this.#spread.records.map((record) => fieldsOf(this.#textOf(record), this.#separator)),
    };
  }

  #begin(bytes: Uint8Array): CsvRecord {
    const { separator, names, encoding = 'utf-8' } = this.#form;
    requireSaid(bytes, encoding, this.#path);
    this.#separator = separator ?? separatorOf(bytes);
    if (!/^[\x01-\x09\x0B\x0C\x0E-\x21\x23-\x7F]$/.test(this.#separator)) {
      const message = `the separator ${shown(this.#separator)} is not one ASCII character other than quotes`;
      throw new DatasetError('HF_DATASET_OPTIONS', message, { where: this.#path });
    }
    this.#names = names;
    this.#record = new CsvRecord(this.#separator, this.#form.quotes);
    return this.#record;
  }

  #readNames(bytes: Uint8Array, { isBroken, isOpen }: CsvRecord): void {
    const refuse = (problem: string): never => {
      const message = `the line of names of ${shown(this.#path)} ${problem}`;
      throw new DatasetError('HF_DATASET_FORMAT', message, { where: this.#path });
    };
    if (bytes.includes(0) || (this.#form.encoding !== 'latin-1' && !isUtf8(bytes))) {
      refuse('is not UTF-8; `encoding` may say what it is');
    }
    if (isOpen) refuse('has a quote that is never closed');
    if (isBroken) refuse('has something after a closing quote');
    const cells = this.#bounded(fieldsOf(this.#textOf(bytes), this.#separator));
    this.#names = this.#form.trim === true ? cells.map((cell) => cell.trim()) : cells;
    if (this.#isSampled) this.#firstLine = new FirstLine(cells, this.#form.missing);
  }

  /** Names the columns by their numbers; of one column, empty lines before the first value are rows. */
  #number({ fields }: CsvRecord, empty: readonly number[]): readonly number[] {
    this.#names = this.#bounded(Array.from({ length: fields }, (_, index) => String(index)));
    if (fields > 1) return [];
    this.#rows += empty.length;
    return empty;
  }

  /** Keeps the first rows that can be taken, to hold the first line against them. */
  #sample(line: Uint8Array, { isBroken, isOpen, fields, length }: CsvRecord): void {
    if (isBroken || isOpen || fields !== this.#names?.length || length > longestRecord) return;
    const cells = fieldsOf(this.#textOf(line), this.#separator);
    if (this.#firstLine === undefined) this.#firstLine = new FirstLine(cells, this.#form.missing);
    else this.#firstLine.add(cells);
    // of a file whose names are given only the first line is looked at
    this.#isSampled = this.#isNamed && !this.#firstLine.isFull;
  }

  #textOf(bytes: Uint8Array): string {
    return Buffer.from(bytes).toString(this.#form.encoding === 'latin-1' ? 'latin1' : 'utf8');
  }

  #bounded(names: readonly string[]): readonly string[] {
    if (names.length <= mostColumns) return names;
    const message = `${shown(this.#path)} has ${names.length} columns, more than ${mostColumns}`;
    throw new DatasetError('HF_DATASET_LIMIT', message, { where: this.#path });
  }

  /** Counts a record; false where it cannot be taken. */
  #row(record: CsvRecord): boolean {
    this.#rows += 1;
    const [row, columns] = [this.#rows, this.#names?.length ?? 0];
    if (record.length > longestRecord) {
      this.#leave({ kind: 'too-long', message: `it is longer than ${longestRecord} bytes`, row, isLeftOut: true });
    } else if (record.isOpen) {
      const message = 'a quote is opened and never closed: what follows in the file is in it';
      this.#leave({ kind: 'cut-short', message, row, isLeftOut: true });
    } else if (record.isBroken) {
      this.#leave({ kind: 'unreadable', message: 'something stands after a closing quote', row, isLeftOut: true });
    } else if (record.fields !== columns) {
      const message = `it has ${record.fields} values, there are ${columns} columns`;
      this.#leave({ kind: 'ragged', message, row, isLeftOut: true });
    } else return true;
    return false;
  }

  /** Whether the bytes of whole records are text. */
  #texts(bytes: Uint8Array, ends: readonly number[], first: number, end: number): void {
    const whole = bytes.subarray(0, end);
    const isText = this.#form.encoding === 'latin-1' || isUtf8(whole);
    const hasZero = whole.includes(0);
    if (isText && !hasZero) return;
    let from = 0;
    for (const [index, to] of ends.entries()) {
      const [record, row] = [whole.subarray(from, to), first + index + 1];
      if (!isText && !isUtf8(record)) {
        const message = 'it holds bytes that are no UTF-8; `encoding` may say what they are';
        this.#leave({ kind: 'encoding', message, row, isLeftOut: true });
      }
      if (hasZero && record.includes(0)) {
        this.#say({ kind: 'nul', message: 'it holds a zero character', row, isLeftOut: false });
      }
      from = to;
    }
  }

  #leave(defect: TableDefect & { readonly row: number }): void {
    this.#leftOut.add(defect.row);
    this.#say(defect);
    if (this.#leftOut.size <= mostLeftOut) return;
    const message = `more than ${mostLeftOut} rows of ${shown(this.#path)} cannot be taken, the first because ${this.#defects[0]?.message ?? ''}`;
    throw new DatasetError('HF_DATASET_FORMAT', message, { where: this.#path });
  }

  #say(defect: TableDefect): void {
    if (this.#defects.length < mostDefects) this.#defects.push(defect);
  }
}
