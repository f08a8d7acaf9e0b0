import { Unanswerable } from '../expectation-type.ts';

/** Ends the reading of a condition: what it says cannot be told apart from what pandas would make of it. */
export function notUnderstood(why: string): never {
  throw new Unanswerable(`its row condition is not understood: ${why}`);
}
