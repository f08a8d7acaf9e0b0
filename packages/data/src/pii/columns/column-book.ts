import type { Table } from '@holdfast/dataset';
import type { Recogniser } from '@holdfast/recognisers/recogniser';
import { leavesOf, namesOf } from '../cells/nested.ts';
import type { LookedColumn } from './looked-column.ts';
import { safeLabels } from './safe-label.ts';
import { wholeFormsOf } from './whole-forms.ts';

const phones = wholeFormsOf('phone');
/** So many different numbers, and so far apart, are no sequence. */
const leastPhones = 5;

/** Whether nearly all whole numbers of a column are telephone numbers of some country, had they a plus sign. */
function lostSign(cells: readonly string[]): '' | '+' {
  const different = [...new Set(cells)].slice(0, 200);
  const values = different.map(Number).sort((one, other) => one - other);
  const [least = 0, greatest = 0] = [values[0], values.at(-1)];
  if (different.length < leastPhones || greatest - least < 4 * different.length || greatest < 1e9) return '';
  const fits = different.filter((cell) => phones?.fitOf(`+${cell}`) === 'passes').length;
  return fits >= 0.9 * different.length ? '+' : '';
}

/** Names in nested values that are looked at apart; what stands under others is looked at together. */
const mostNested = 1000;

/** What a cell comes apart into. */
export interface Part {
  readonly column: number;
  readonly text: string;
}

/** The columns of a table, and what is in their nested values, each with a place of its own. */
export class ColumnBook {
  readonly columns: LookedColumn[];
  /** By column of the table, how many cells are so long or deep that they are not opened. */
  readonly closed = new Map<number, number>();
  readonly #nested = new Map<string, number>();

  constructor({ columns, defects }: Table, recogniser: Recogniser, cellsOf: (place: number) => readonly string[]) {
    const isDoubtful = defects.some(({ kind }) => kind === 'header');
    const names = columns.map(({ name }) => name);
    const labels = safeLabels(names, { recogniser, isDoubtful, cellsOf });
    this.columns = columns.map(({ name, type }, place) => ({
      ...{ place, header: name, isText: type === 'text', lost: type === 'integer' ? lostSign(cellsOf(place)) : '' },
      label: labels[place] ?? '',
    }));
  }

  /** The parts of a cell: itself, or the values in it where it is nested. */
  partsOf(place: number, cell: string): readonly Part[] {
    const leaves = leavesOf(cell);
    if (leaves === undefined) return [{ column: place, text: (this.columns[place]?.lost ?? '') + cell }];
    if (leaves === 'too much') {
      this.closed.set(place, (this.closed.get(place) ?? 0) + 1);
      return [{ column: place, text: cell }];
    }
    return leaves.map(({ path, text }) => ({ column: this.#within(place, path), text }));
  }

  #within(place: number, path: readonly string[]): number {
    const key = JSON.stringify([place, path]);
    const known = this.#nested.get(key);
    if (known !== undefined) return known;
    const column = this.columns[place];
    const isFull = this.#nested.size >= mostNested;
    const others = JSON.stringify([place]);
    const last = path.at(-1) ?? '';
    const at = isFull ? this.#nested.get(others) : undefined;
    if (at !== undefined) return at;
    const isNames = last === namesOf;
    this.columns.push({
      ...{ place, isText: true, lost: '' },
      header: isFull || isNames ? '' : last,
      label: `${column?.label ?? ''}, ${isNames ? 'names in nested values' : 'nested values'}`,
    });
    this.#nested.set(isFull ? others : key, this.columns.length - 1);
    return this.columns.length - 1;
  }
}
