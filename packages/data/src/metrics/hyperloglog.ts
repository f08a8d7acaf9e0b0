/** Registers: 2¹⁴, for a standard error of 1.04/√2¹⁴, 0.81 %. */
export const registerCount = 2 ** 14;
export const standardError = 1.04 / Math.sqrt(registerCount);
/** Bits of a hash that are left when the register is chosen: 60 − 14. */
const restBits = 46;

/**
 * The least hash of each register, which says the same as the longest run of leading zeros that HyperLogLog keeps, and
 * merges the same way: by the smaller one.
 */
export type Registers = ReadonlyMap<number, number>;

export function mergeRegisters(one: Registers, other: Registers): Registers {
  const all = new Map(one);
  for (const [register, least] of other) all.set(register, Math.min(all.get(register) ?? least, least));
  return all;
}

/**
 * How many different values were hashed: O. Ertl, "New cardinality estimation algorithms for HyperLogLog sketches" (2017),
 * algorithm 6, which has no bias at either end.
 */
export function cardinality(registers: Registers): number {
  const histogram = Array.from({ length: restBits + 2 }, () => 0);
  for (const least of registers.values()) {
    const rank = restBits - bitLength(least) + 1;
    histogram[rank] = (histogram[rank] ?? 0) + 1;
  }
  let sum = registerCount * tau(1 - (histogram[restBits + 1] ?? 0) / registerCount);
  for (let rank = restBits; rank >= 1; rank -= 1) sum = (sum + (histogram[rank] ?? 0)) / 2;
  sum += registerCount * sigma(1 - registers.size / registerCount);
  return sum === Number.POSITIVE_INFINITY ? 0 : registerCount ** 2 / (2 * Math.LN2 * sum);
}

const bitLength = (value: number): number => (value === 0 ? 0 : Math.floor(Math.log2(value)) + 1);

function sigma(part: number): number {
  if (part === 1) return Number.POSITIVE_INFINITY;
  let [x, y, z] = [part, 1, part];
  for (;;) {
    x *= x;
    const before = z;
    z += x * y;
    y += y;
    if (z === before) return z;
  }
}

function tau(part: number): number {
  if (part === 0 || part === 1) return 0;
  let [x, y, z] = [part, 1, 1 - part];
  for (;;) {
    x = Math.sqrt(x);
    const before = z;
    y /= 2;
    z -= (1 - x) ** 2 * y;
    if (z === before) return z / 3;
  }
}
