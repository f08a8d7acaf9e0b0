const view = new DataView(new ArrayBuffer(8));

/** Where a float64 stands among all of them: neighbours differ by one. */
function placeOf(value: number): bigint {
  view.setFloat64(0, value === 0 ? 0 : value);
  const bits = view.getBigInt64(0);
  return bits >= 0n ? bits : -(bits & 0x7fff_ffff_ffff_ffffn);
}

function atPlace(place: bigint): number {
  view.setBigInt64(0, place < 0n ? -place : place);
  const size = view.getFloat64(0);
  return place < 0n ? -size : size;
}

/**
 * Up to `parts` − 1 numbers between two others that cut the float64 between them into parts with equally many: however the
 * values lie, a few rounds of cutting leave one.
 * @returns ascending, above `least` and at most `greatest`
 */
export function cutsBetween(least: number, greatest: number, parts: number): number[] {
  const [from, to] = [placeOf(least), placeOf(greatest)];
  const places = Array.from(
    { length: parts - 2 },
    (_, index) => from + ((to - from) * BigInt(index + 1)) / BigInt(parts - 1),
  );
  return [...new Set([...places, to])].filter((place) => place > from).map(atPlace);
}
