/** Remembers what parts of a trial came to, so that an interrupted one goes on where it was. */
export interface Journal {
  /** What a unit of work came to: as it was kept, or by doing it now. It has to survive JSON. */
  once<Value>(unit: string, work: () => Promise<Value>): Promise<Value>;
}

/** Keeps nothing. */
export const forgetful: Journal = { once: async (_, work) => work() };

/** A journal whose units belong to a part of the trial. */
export function within(journal: Journal, part: string): Journal {
  return { once: async (unit, work) => journal.once(`${part}: ${unit}`, work) };
}
