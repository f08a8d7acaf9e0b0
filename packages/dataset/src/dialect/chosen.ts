/** A value where a condition is true, else NULL, which aggregates pass over: engines take it faster than a FILTER. */
export const chosen = (value: string, where?: string): string =>
  where === undefined ? value : `CASE WHEN ${where} THEN ${value} END`;
