import { kinds } from './kinds.ts';
import type { Machine } from './machine.ts';

/** The longest of the opcodes that are done here, in bytes. */
const slack = 16;
/** A string of as many bytes may be a payload: it is looked at elsewhere. */
const longText = 12;

/**
 * Does the opcodes of plain values, one after the other, as long as they are well within window, frame and stack.
 * Nearly all of a large pickle is made of them: so there is no call and no check for each that one for all can do.
 */
export function runPlain(machine: Machine): void {
  const { input, stack, memo } = machine;
  const { bytes, base } = input;
  const { kinds: tags, values, fence } = stack;
  const last = Math.min(input.end, machine.frameEnd - base) - slack;
  const room = tags.length - 1;
  const most = Math.min(machine.most - machine.steps, input.end);
  let [next, size, done] = [input.next, stack.size, 0];
  for (; done < most && next < last && size < room; done += 1) {
    const opcode = bytes[next] ?? 0;
    const one = bytes[next + 1] ?? 0;
    if (opcode === 0x4b) {
      tags[size] = kinds.int;
      values[size++] = one;
      next += 2;
    } else if (opcode === 0x94 && size > fence && tags[size - 1] !== kinds.reference) {
      memo.put(memo.size, tags[size - 1] ?? 0, values[size - 1] ?? 0);
      next += 1;
    } else if (opcode === 0x8c && one < longText && isAscii(bytes, next + 2, next + 2 + one)) {
      tags[size] = kinds.str;
      values[size++] = base + next;
      next += 2 + one;
    } else if (opcode === 0x68) {
      const kind = memo.kindAt(one);
      if (kind === undefined) break;
      tags[size] = kind;
      values[size++] = memo.valueAt(one);
      next += 2;
    } else break;
  }
  input.next = next;
  stack.size = size;
  machine.steps += done;
}

function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if ((bytes[at] ?? 0) > 0x7f) return false;
  return true;
}
