/** How norms are written. */
export const normNames = { linf: 'L∞', l2: 'L2', l1: 'L1' } as const;

/** `36.7 %` */
export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** Four digits are enough for people. */
export const short = (value: number): string => String(Number(value.toPrecision(4)));
