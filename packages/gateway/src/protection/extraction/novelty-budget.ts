import { cellWords, enterCell, hasCell } from './novelty-cells.ts';

/** How many new rows a tenant may ask about: what it knows already may be asked again for nothing. */
export interface NoveltyBudget {
  /** New rows at once, to somebody who has asked about none yet. */
  readonly burst: number;
  /** And so many a day. */
  readonly perDay: number;
  /** After so many new rows the next one costs as much as two did; after twice as many, as three. */
  readonly halfAt: number;
}

/** What a tenant has left, and what it knows. */
export interface BudgetState {
  left: number;
  atMs: number;
  readonly cells: Uint32Array;
  novel: number;
}

export function fullBudget({ burst }: NoveltyBudget, nowMs: number): BudgetState {
  return { left: burst, atMs: nowMs, cells: new Uint32Array(cellWords), novel: 0 };
}

const day = 86_400_000;

/**
 * Whether a row may be answered: one of a cell that is known for nothing, a new one from a token bucket at a price that grows with what is
 * known, 1 + N/halfAt. After a time T in days a tenant has had N new rows with N + N·(N − 1)/(2·halfAt) at most burst + perDay·T: in the
 * long run as the square root of the time. What is refused does not become known.
 */
export function takeNovel(budget: NoveltyBudget, state: BudgetState, cell: number, nowMs: number): boolean {
  if (hasCell(state.cells, cell)) return true;
  const price = 1 + state.novel / budget.halfAt;
  const passed = Math.max(0, nowMs - state.atMs) / day;
  // Whatever it costs, somebody who waits long enough can pay it.
  state.left = Math.min(Math.max(budget.burst, price), state.left + passed * budget.perDay);
  state.atMs = Math.max(state.atMs, nowMs);
  if (state.left < price) return false;
  state.left -= price;
  state.novel += 1;
  enterCell(state.cells, cell);
  return true;
}
