import { kinds } from './kinds.ts';
import type { Machine } from './machine.ts';

/** The longest of the opcodes that are done here, in bytes. */
const slack = 16;
/** A string of as many bytes may be a payload: it is looked at elsewhere. */
const longText = 12;

/** Opcode, kind, bytes: what is pushed is all in the opcode and its argument. */
const plainOpcodes: readonly (readonly [opcode: number, kind: number, length: number])[] = [
  [0x4b, kinds.int, 2], // BININT1
  [0x4d, kinds.int, 3], // BININT2
  [0x4a, kinds.int, 5], // BININT
  [0x47, kinds.float, 9], // BINFLOAT
  [0x4e, kinds.none, 1], // NONE
  [0x88, kinds.bool, 1], // NEWTRUE
  [0x89, kinds.bool, 1], // NEWFALSE
];

/** By opcode: its kind, and above four bits its bytes; 0 for any other. */
const plain = new Uint8Array(256);
for (const [opcode, kind, length] of plainOpcodes) plain[opcode] = kind | (length << 4);

/**
 * Does opcodes one after the other as long as they are well within window, frame and stack. Nearly all of a large pickle
 * is plain values: for them there is no call, and no check for each that one for all can do.
 */
export function runLane(machine: Machine): void {
  const { input, stack, memo, steps } = machine;
  const { bytes, base } = input;
  const { kinds: tags, values } = stack;
  const last = Math.min(input.end, machine.frameEnd - base) - slack;
  const room = tags.length - 1;
  const most = Math.min(machine.most - steps, input.end);
  let [next, size, done] = [input.next, stack.size, 0];
  for (; done < most && next < last && size < room; done += 1) {
    const opcode = bytes[next] ?? 0;
    const one = bytes[next + 1] ?? 0;
    const pushed = plain[opcode] ?? 0;
    if (pushed !== 0) {
      tags[size] = pushed & 15;
      values[size++] = input.valueAt(next, opcode);
      next += pushed >> 4;
    } else if (opcode === 0x94 && size > stack.fence && tags[size - 1] !== kinds.reference) {
      memo.put(memo.size, tags[size - 1] ?? 0, values[size - 1] ?? 0);
      next += 1;
    } else if (opcode === 0x68 && memo.has(one)) {
      tags[size] = memo.kindOf(one);
      values[size++] = memo.valueOf(one);
      next += 2;
    } else if (opcode === 0x8c && one < longText && isAscii(bytes, next + 2, next + 2 + one)) {
      tags[size] = kinds.str;
      values[size++] = base + next;
      next += 2 + one;
    } else {
      if (!machine.doWithin(next, size, steps + done)) return;
      next = input.next;
      size = stack.size;
    }
  }
  machine.leaveLane(next, size, steps + done);
}

function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if ((bytes[at] ?? 0) > 0x7f) return false;
  return true;
}
