/** Types that have several numbers in a byte, by their storages. */
const packed: Readonly<Record<string, number>> = { QUInt4x2Storage: 2, QUInt2x4Storage: 4 };

/**
 * How many elements a tensor over a storage may have: PyTorch makes a storage of before 1.6 larger for one that has more,
 * whatever the file holds. Of one without a type, bytes are counted.
 *
 * @param name of the storage's class
 * @param count that its persistent id says
 */
export function mostElements(name: string, count: bigint): number {
  return Number(count) * (Object.hasOwn(packed, name) ? (packed[name] ?? 1) : 1);
}
