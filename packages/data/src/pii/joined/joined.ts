import type { Found } from '../columns/column-scan.ts';
import type { Judgement } from '../columns/judge.ts';
import { allWholeForms, type WholeForms, wholeFormsOf } from '../columns/whole-forms.ts';
import { type Hash, Samples } from '../samples.ts';

/** Neighbouring columns that together may hold one number. */
export interface Joined {
  /** The place of the first. */
  readonly from: number;
  readonly count: number;
  readonly forms: WholeForms;
}

/** What was found in neighbouring columns together. */
export interface JoinedFound extends Found {
  readonly from: number;
  readonly count: number;
  readonly present: number;
}

/** Columns that are put together, at most, and the longest of their cells. */
const mostJoined = 5;
const longestPart = 24;
/** Only numbers with a check that so few others pass: whatever is put together is something. */
const mostChance = 0.1;
/** Places that are kept apart in a table. */
const mostPlaces = 20_000;

const isPart = /^[0-9A-Za-z]{1,24}$/;
const checked = allWholeForms.filter(({ type }) => type.chance <= mostChance && type.checksum !== undefined);
const longest = 40;

/** What cells in a row say together, each without blanks; nothing where one is missing or no part of a number. */
function together(cells: readonly (string | undefined)[]): string | undefined {
  let text = '';
  for (const cell of cells) {
    const part = cell === undefined || cell.length > longestPart + 4 ? '' : cell.replaceAll(/[ -]/g, '');
    if (!isPart.test(part)) return undefined;
    text += part;
  }
  return text.length <= longest ? text : undefined;
}

/** Neighbouring columns of a sample whose cells together pass a check far more often than by chance. */
export function joinedIn(
  columns: readonly (readonly (string | undefined)[])[],
  judgements: readonly Judgement[],
): Joined[] {
  const found: (Joined & { readonly logOdds: number })[] = [];
  for (let from = 0; from < columns.length; from++) {
    for (let count = 2; count <= mostJoined && from + count <= columns.length; count++) {
      const held = judgements.slice(from, from + count).map((each) => each.held?.name);
      const best = bestOf(columns.slice(from, from + count), held);
      if (best !== undefined) found.push({ from, count, ...best });
    }
  }
  const sure = found.filter(({ logOdds }) => logOdds > Math.log(100 * Math.max(1, columns.length)));
  const chosen: Joined[] = [];
  for (const each of sure.sort((one, other) => other.logOdds - one.logOdds || one.count - other.count)) {
    const isApart = chosen.every(({ from, count }) => each.from + each.count <= from || from + count <= each.from);
    if (isApart) chosen.push(each);
  }
  return chosen;
}

function bestOf(columns: readonly (readonly (string | undefined)[])[], held: readonly (string | undefined)[]) {
  const [first = []] = columns;
  const texts = new Set<string>();
  let rows = 0;
  for (const row of first.keys()) {
    const cells = columns.map((column) => column[row]);
    if (cells.some((cell) => cell === undefined)) continue;
    rows += 1;
    const text = together(cells);
    if (text !== undefined && texts.size < 60) texts.add(text);
  }
  if (rows === 0 || texts.size === 0 || columns.some((column) => isConstant(column))) return undefined;
  let best: { forms: WholeForms; logOdds: number } | undefined;
  for (const forms of checked) {
    if (held.includes(forms.type.name)) continue;
    const logOdds = logOddsOf(forms, [...texts]);
    if (logOdds > (best?.logOdds ?? 0)) best = { forms, logOdds };
  }
  return best;
}

const isConstant = (column: readonly (string | undefined)[]): boolean =>
  column.length > 20 && new Set(column).size === 1;

function logOddsOf({ type, fitOf }: WholeForms, texts: readonly string[]): number {
  let logOdds = Math.log(0.001 * (type.prevalence ?? 1));
  for (const text of texts) {
    const fit = fitOf(text);
    logOdds +=
      fit === 'passes'
        ? Math.log(0.97 / type.chance)
        : fit === 'fails'
          ? Math.log(0.03 / (1 - type.chance))
          : Math.log(0.1);
  }
  return logOdds;
}

interface Place {
  passes: number;
  fails: number;
  readonly samples: Samples;
}

const cards = wholeFormsOf('credit-card');
const ibans = wholeFormsOf('iban');

/** Looks at the neighbouring cells of every row: those that a sample told of, and everywhere cards and IBANs, which may be split. */
export class JoinedScan {
  readonly #joined: readonly Joined[];
  readonly #hash: Hash;
  readonly #samples: number;
  readonly #places = new Map<string, Place & { from: number; count: number; name: string }>();
  #rows = 0;
  /** Whether there were more neighbours than are kept apart. */
  isFull = false;

  constructor(joined: readonly Joined[], { hash, samples }: { readonly hash: Hash; readonly samples: number }) {
    this.#joined = joined;
    this.#hash = hash;
    this.#samples = samples;
  }

  add(columns: readonly (readonly (string | undefined)[])[]): void {
    const rows = columns[0]?.length ?? 0;
    this.#rows += rows;
    for (let row = 0; row < rows; row++) {
      for (const { from, count, forms } of this.#joined) this.#look(columns, row, { from, count, forms });
      for (const [from, column] of columns.entries()) {
        const cell = column[row];
        if (cell === undefined || cell.length > longestPart) continue;
        if (/^[0-9]{2,12}$/.test(cell)) this.#grow(columns, row, { from, forms: cards, is: isDigits });
        else if (/^[A-Z]{2}[0-9]{2}/.test(cell)) this.#grow(columns, row, { from, forms: ibans, is: isPart });
      }
    }
  }

  /** More and more neighbours, until one is no part. */
  #grow(
    columns: readonly (readonly (string | undefined)[])[],
    row: number,
    { from, forms, is }: { from: number; forms: WholeForms | undefined; is: RegExp },
  ): void {
    // What is whole by itself is no part of something else.
    if (forms === undefined || forms.fitOf(columns[from]?.[row] ?? '') === 'passes') return;
    let length = columns[from]?.[row]?.length ?? 0;
    for (let count = 2; count <= mostJoined; count++) {
      const next = columns[from + count - 1]?.[row];
      if (next === undefined || !is.test(next)) return;
      length += next.length;
      if (length > longest) return;
      if (length >= 13 && !this.#isKnown(from, count)) this.#look(columns, row, { from, count, forms });
    }
  }

  #isKnown(from: number, count: number): boolean {
    return this.#joined.some((each) => from < each.from + each.count && each.from < from + count);
  }

  #look(columns: readonly (readonly (string | undefined)[])[], row: number, { from, count, forms }: Joined): void {
    const text = together(Array.from({ length: count }, (_, at) => columns[from + at]?.[row]));
    const fit = text === undefined ? 'other' : forms.fitOf(text);
    if (text === undefined || fit === 'other') return;
    const key = `${forms.type.name} ${from} ${count}`;
    let place = this.#places.get(key);
    if (place === undefined) {
      if (this.#places.size >= mostPlaces) {
        this.isFull = true;
        return;
      }
      const samples = new Samples(this.#hash, this.#samples);
      place = { ...{ from, count, name: forms.type.name }, passes: 0, fails: 0, samples };
      this.#places.set(key, place);
    }
    if (fit === 'fails') place.fails += 1;
    else {
      place.passes += 1;
      place.samples.add(text);
    }
  }

  /** Where more pass than chance explains. */
  get found(): JoinedFound[] {
    return [...this.#places.values()].flatMap(({ from, count, name, passes, fails, samples }) => {
      const forms = wholeFormsOf(name);
      if (passes === 0 || forms === undefined) return [];
      const { chance, prevalence = 1 } = forms.type;
      const few = Math.min(1, 30 / (passes + fails));
      const logOdds =
        Math.log(0.001 * prevalence * (name === 'iban' ? 1000 : 1)) +
        few * (passes * Math.log(0.97 / chance) + fails * Math.log(0.03 / (1 - chance)));
      const confidence = Math.min(0.999, Math.round(1000 / (1 + Math.exp(-logOdds))) / 1000);
      if (confidence < 0.5) return [];
      const why = [`${forms.type.checksum ?? 'form'} of neighbouring cells`];
      return [
        { ...{ from, count, name, confidence, why }, cells: passes, present: this.#rows, samples: samples.shown },
      ];
    });
  }
}

const isDigits = /^[0-9]{2,12}$/;
