/** The ends of a range, moved away from each other by a part of its width. */
export interface Ends {
  readonly least: number;
  readonly greatest: number;
}

/** Digits of the width that a bound keeps: what lies below says nothing. */
const keptDigits = 2;

/**
 * A range around what was seen: both ends moved outward by `share` of `width`, then on to a round number. It always holds what
 * was seen, also where float64 has no room for the margin.
 */
export function around({ least, greatest }: Ends, share: number, width = greatest - least): Ends {
  const moved = share * width;
  if (!Number.isFinite(moved) || moved <= 0) return { least, greatest };
  const step = 10 ** (Math.floor(Math.log10(moved)) - keptDigits + 1);
  const [below, above] = [
    rounded(Math.floor(steps((least - moved) / step)), step),
    rounded(Math.ceil(steps((greatest + moved) / step)), step),
  ];
  return {
    least: Number.isFinite(below) && below <= least ? below : least,
    greatest: Number.isFinite(above) && above >= greatest ? above : greatest,
  };
}

/** 96.99999999999999 steps are 97. */
const steps = (count: number): number => (Number.isFinite(count) ? Number(count.toPrecision(14)) : count);

/** A multiple of a power of ten, without what float64 adds to it. */
const rounded = (count: number, step: number): number => Number((count * step).toPrecision(15));

/**
 * The share of values that may be asked for where some are not as expected: as many again by half may join them, and one in
 * two hundred. Nothing where that would be no demand.
 */
export function mostlyFor(unexpected: number, of: number): number | undefined {
  if (unexpected === 0 || of === 0) return 1;
  const share = Math.floor((1 - (1.5 * unexpected) / of - 0.005) * 1000) / 1000;
  return share > 0 ? share : undefined;
}
