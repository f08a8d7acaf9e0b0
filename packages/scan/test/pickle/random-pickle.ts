import { bytesOf } from './scene.ts';

type Random = (below: number) => number;

const words = ['a', 'b', 'c.d', 'm', 'n', 'é'];

const u32 = (value: number): number[] => [value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >> 24) & 255];
const u64 = (value: number): number[] => [...u32(value), 0, 0, 0, 0];

const pick = <Item>(random: Random, items: readonly Item[]): Item => items[random(items.length)]!;

function text(random: Random): Buffer {
  return Buffer.from(pick(random, words));
}

/** What pushes a value. */
const pushes: readonly ((random: Random) => Uint8Array)[] = [
  (random) => bytesOf('K', [random(256)]),
  (random) => bytesOf('M', [random(256), random(256)]),
  (random) => bytesOf('J', u32(random(2 ** 31))),
  () => bytesOf('N'),
  () => bytesOf([0x88]),
  () => bytesOf(')'),
  () => bytesOf(']'),
  () => bytesOf('}'),
  () => bytesOf([0x8f]),
  (random) =>
    bytesOf(
      'I',
      pick(random, ['0', '1', '00', '01', '-7', '12', '010', ' 1', '+1', '1_0', '0x1f', 'x', '', '1L']),
      '\n',
    ),
  (random) => bytesOf('L', pick(random, ['0L', '5L', '-3', '', 'L', '99999999999999999999L']), '\n'),
  (random) =>
    bytesOf('F', pick(random, ['1.5', '-0', '1e3', 'nan', 'inf', '1e999', '', ' 1', '1_0.0', 'x', '1.']), '\n'),
  (random) => bytesOf('S', pick(random, ["'a'", '"b"', "'a", "'\\x41'", "'\\x4'", "'\\'", "''", 'a', "'\\101'"]), '\n'),
  (random) => bytesOf('V', pick(random, ['a', '', '\\u0041', '\\u004', '\\U00110000', '\\\\u0041', 'é']), '\n'),
  (random) => bytesOf('X', u32(text(random).length), text(random)),
  (random) => {
    const value = text(random);
    return bytesOf([0x8c, value.length], value);
  },
  (random) => {
    const value = text(random);
    return bytesOf([0x8d], u64(value.length), value);
  },
  (random) =>
    bytesOf(
      [0x8c, 2],
      pick(random, [
        [0xc3, 0xa9],
        [0xff, 0xfe],
        [0x41, 0xc3],
        [0x41, 0x42],
      ]),
    ),
  (random) => bytesOf('C', [3], [random(256), random(256), random(256)]),
  (random) => bytesOf('U', [2], [65, random(10) === 0 ? 200 : 66]),
  (random) => bytesOf([0x96], u64(2), [1, random(256)]),
  (random) => bytesOf([0x8a, 2], [random(256), random(256)]),
  (random) => bytesOf([0x8b], u32(random(8) === 0 ? -1 : 1), [random(256)]),
  () => bytesOf('G', [63, 248, 0, 0, 0, 0, 0, 0]),
  (random) => bytesOf('c', pick(random, words), '\n', pick(random, words), '\n'),
  (random) => bytesOf([0x8c, 1], pick(random, ['m', 'n']), [0x8c, 1], pick(random, ['a', 'b']), [0x93]),
  (random) => bytesOf('P', pick(random, ['1', 'a', '']), '\n'),
  (random) => bytesOf('h', [random(4)]),
  (random) => bytesOf('g', pick(random, ['0', '1', '00', ' 1', 'x', '-1', '1\0']), '\n'),
  () => bytesOf('2'),
];

/** What works on what is there. */
const works: readonly ((random: Random) => Uint8Array)[] = [
  ...Array.from('aboRQ0stleud\x81\x85\x86\x87\x90\x91\x92\x93\x941()\x98').map((opcode) => () => bytesOf(opcode)),
  () => bytesOf(')R'),
  () => bytesOf(')\x81'),
  () => bytesOf('}b'),
  () => bytesOf('Nb'),
  () => bytesOf('K\x01a'),
  () => bytesOf('(K\x01K\x02e'),
  () => bytesOf('(K\x01K\x02u'),
  () => bytesOf('K\x01K\x02s'),
  () => bytesOf('(K\x01K\x01\x90'),
  (random) => bytesOf('q', [random(4)]),
  (random) => bytesOf('p', pick(random, ['0', '1', ' 2', '-1', 'x']), '\n'),
  (random) => bytesOf('i', pick(random, words), '\n', pick(random, words), '\n'),
  (random) => bytesOf([0x80, random(8)]),
  (random) => bytesOf([0x95], u64(random(24))),
  (random) => bytesOf([0x82, random(3)]),
  () => bytesOf('\x97'),
  (random) => bytesOf([random(256)]),
];

/** A sequence of opcodes that is nearly a pickle: values, marks, what works on them, and STOP. */
export function randomPickle(random: Random): Uint8Array {
  const parts: Uint8Array[] = random(2) === 0 ? [] : [bytesOf([0x80, random(6)])];
  const length = 2 + random(24);
  for (let count = 0; count < length; count += 1) {
    const kind = random(10);
    if (kind < 5) parts.push(pick(random, pushes)(random));
    else if (kind === 5) parts.push(bytesOf('('));
    else parts.push(pick(random, works)(random));
  }
  if (random(12) > 0) parts.push(bytesOf(random(3) === 0 ? 't.' : '.'));
  return bytesOf(...parts);
}
