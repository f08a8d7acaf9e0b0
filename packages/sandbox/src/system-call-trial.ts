import { SandboxError, shown } from './errors.ts';

/** A system call to try: its number, and its first arguments. */
export interface TriedCall {
  readonly number: number;
  /** At most four, unsigned 32 bits each; the rest are zero. */
  readonly values?: readonly number[];
}

/**
 * A program for Linux that does one system call and exits with its error number, 0 when it worked.
 *
 * JavaScript cannot call the kernel, and a machine need not have a compiler; the answer of a filter is known only
 * when it was asked. The program is a static ELF file (elf(5)) of less than 256 bytes, written here by hand.
 *
 * @throws SandboxError HF_SANDBOX_PLATFORM.
 */
export function systemCallProgram(call: TriedCall, architecture: string = process.arch): Uint8Array {
  if (architecture === 'x64') return elf(0x3e, codeForX64(call));
  if (architecture === 'arm64') return elf(0xb7, codeForArm64(call));
  throw new SandboxError('HF_SANDBOX_PLATFORM', `system calls cannot be tried on ${shown(architecture)}`);
}

/** System V ABI, AMD64, A.2.1: number in rax, arguments in rdi, rsi, rdx, r10; the result in rax. */
function codeForX64({ number, values = [] }: TriedCall): Uint8Array {
  const loadArgument = [[0xbf], [0xbe], [0xba], [0x41, 0xba]]; // mov edi|esi|edx|r10d, imm32
  return Uint8Array.from([
    ...loadArgument.flatMap((code, at) => [...code, ...word(values[at] ?? 0)]),
    ...[0x45, 0x31, 0xc0, 0x45, 0x31, 0xc9], // xor r8d, r8d; xor r9d, r9d
    ...[0xb8, ...word(number), 0x0f, 0x05], // mov eax, number; syscall
    ...[0x31, 0xff, 0x85, 0xc0, 0x79, 0x04], // xor edi, edi; test eax, eax; jns over the next two
    ...[0x89, 0xc7, 0xf7, 0xdf], // mov edi, eax; neg edi
    ...[0xb8, ...word(60), 0x0f, 0x05], // mov eax, 60 (exit); syscall
  ]);
}

/** Linux on aarch64: number in x8, arguments in x0 to x5; the result in x0. */
function codeForArm64({ number, values = [] }: TriedCall): Uint8Array {
  const load = (register: number, value: number): number[] => [
    0x5280_0000 + (value & 0xffff) * 32 + register, // movz w, low half
    0x72a0_0000 + (value >>> 16) * 32 + register, // movk w, high half, lsl 16
  ];
  const instructions = [
    ...[0, 1, 2, 3, 4, 5].flatMap((register) => load(register, values[register] ?? 0)),
    ...[...load(8, number), 0xd400_0001], // svc 0
    0xf100_001f, // cmp x0, 0
    0xda80_57e0, // csneg x0, xzr, x0, pl
    ...[...load(8, 93), 0xd400_0001], // exit
  ];
  return Uint8Array.from(instructions.flatMap(word));
}

const base = 0x40_0000;
const headerLength = 64 + 56;

/** An Elf64_Ehdr with one Elf64_Phdr of type PT_LOAD, readable and executable, and the code after it. */
function elf(machine: number, code: Uint8Array): Uint8Array {
  const length = headerLength + code.length;
  const ident = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  const header = [...half(2), ...half(machine), ...word(1), ...long(base + headerLength), ...long(64), ...long(0)];
  const sizes = [...word(0), ...half(64), ...half(56), ...half(1), ...half(64), ...half(0), ...half(0)];
  const segment = [...word(1), ...word(5), ...long(0), ...long(base), ...long(base), ...long(length), ...long(length)];
  return Uint8Array.from([...ident, ...header, ...sizes, ...segment, ...long(0x1000), ...code]);
}

function half(value: number): number[] {
  return [value & 0xff, (value >>> 8) & 0xff];
}

function word(value: number): number[] {
  return [...half(value), ...half(value >>> 16)];
}

function long(value: number): number[] {
  return [...word(value), 0, 0, 0, 0];
}
