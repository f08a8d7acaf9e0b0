/** Random numbers that are the same for the same seed (mulberry32): an input is known by its seed alone. */
export function randomOf(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

type Random = ReturnType<typeof randomOf>;

/** Values at which lengths, counts and offsets of parsers break. */
const extremes = [
  0n,
  1n,
  0x7fn,
  0x80n,
  0xffn,
  0x7fffn,
  0xffffn,
  0x7fffffffn,
  0xffffffffn,
  2n ** 63n - 1n,
  2n ** 64n - 1n,
];

const changes: readonly ((bytes: Buffer, random: Random) => Buffer)[] = [
  function flipBit(bytes, random) {
    const at = random(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
    return bytes;
  },
  function setByte(bytes, random) {
    bytes[random(bytes.length)] = random(256);
    return bytes;
  },
  function setNumber(bytes, random) {
    const width = [1, 2, 4, 8][random(4)] ?? 1;
    if (bytes.length < width) return bytes;
    const value = BigInt.asUintN(width * 8, extremes[random(extremes.length)] ?? 0n);
    const number = Buffer.alloc(8);
    number.writeBigUInt64LE(value);
    const little = number.subarray(0, width);
    (random(2) === 0 ? little : Buffer.from(little).reverse()).copy(bytes, random(bytes.length - width + 1));
    return bytes;
  },
  function truncate(bytes, random) {
    return bytes.subarray(0, random(bytes.length));
  },
  function removeRange(bytes, random) {
    const start = random(bytes.length);
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + 1 + random(64))]);
  },
  function repeatRange(bytes, random) {
    const start = random(bytes.length);
    const range = bytes.subarray(start, start + 1 + random(256));
    const times = 1 + random(random(20) === 0 ? 1000 : 4);
    return Buffer.concat([
      bytes.subarray(0, start),
      ...Array.from({ length: times }, () => range),
      bytes.subarray(start),
    ]);
  },
  function moveRange(bytes, random) {
    const start = random(bytes.length);
    const range = Buffer.from(bytes.subarray(start, start + 1 + random(64)));
    range.copy(bytes, random(bytes.length));
    return bytes;
  },
  function insertRandom(bytes, random) {
    const start = random(bytes.length);
    const inserted = Buffer.from(Array.from({ length: 1 + random(16) }, () => random(256)));
    return Buffer.concat([bytes.subarray(0, start), inserted, bytes.subarray(start)]);
  },
];

/** A seed file with one to eight random changes; sometimes with a piece of another seed spliced in. */
export function mutate(seeds: readonly Buffer[], seed: number): Buffer {
  const random = randomOf(seed);
  const pick = (): Buffer => seeds[random(seeds.length)] ?? Buffer.alloc(0);
  let bytes: Buffer = Buffer.from(pick());
  if (random(8) === 0)
    bytes = Buffer.concat([bytes.subarray(0, random(bytes.length + 1)), pick().subarray(random(64))]);
  for (let left = 1 + random(8); left > 0 && bytes.length > 0; left -= 1) {
    bytes = changes[random(changes.length)]?.(bytes, random) ?? bytes;
  }
  return bytes;
}
