import { SandboxError, shown } from './errors.ts';
import type { ArgumentRule, FilteredArchitecture, SystemCall } from './system-calls.ts';
import { absentCalls, argumentRules, forbiddenCalls } from './system-calls.ts';

/** One instruction of classic BPF, `struct sock_filter` of `linux/filter.h`; jumps are relative to the next one. */
type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, k: number];

// linux/bpf_common.h: BPF_LD|BPF_W|BPF_ABS, BPF_JMP|BPF_{JEQ,JGE,JSET}|BPF_K, BPF_RET|BPF_K
const load = (offset: number): Instruction => [0x20, 0, 0, offset];
const jumpIfEqual = (k: number, ifTrue: number, ifFalse: number): Instruction => [0x15, ifTrue, ifFalse, k];
const jumpIfAtLeast = (k: number, ifTrue: number, ifFalse: number): Instruction => [0x35, ifTrue, ifFalse, k];
const jumpIfBits = (k: number, ifTrue: number, ifFalse: number): Instruction => [0x45, ifTrue, ifFalse, k];
const answer = (k: number): Instruction => [0x06, 0, 0, k];

// linux/seccomp.h: SECCOMP_RET_KILL_PROCESS, _ALLOW, _ERRNO | errno (asm-generic/errno.h)
const kill = answer(0x8000_0000);
const allow = answer(0x7fff_0000);
const errors = { EPERM: answer(0x0005_0001), ENOSYS: answer(0x0005_0026), EAFNOSUPPORT: answer(0x0005_0061) };

// struct seccomp_data of linux/seccomp.h: int nr; __u32 arch; __u64 instruction_pointer; __u64 args[6]
const numberOffset = 0;
const architectureOffset = 4;
const argumentOffset = (argument: number): number => 16 + 8 * argument; // the lower half: both are little-endian

/** AUDIT_ARCH_X86_64 and AUDIT_ARCH_AARCH64 of `linux/audit.h`. */
const auditArchitecture = { x64: 0xc000_003e, arm64: 0xc000_00b7 };

/** __X32_SYSCALL_BIT of `asm/unistd.h`: the same calls by other numbers. */
const x32Bit = 0x4000_0000;

/**
 * Assembles the filter for `bwrap --seccomp FD`: an array of `struct sock_filter`, 8 bytes each.
 *
 * A system call of another architecture (`int 0x80`, x32) kills the process. What `system-calls.ts` lists is answered
 * with an error; all else is allowed, because an allow-list would break a scientific program with every new libc.
 * The namespaces and the missing capabilities are the wall; this closes doors in the kernel behind it.
 *
 * @throws SandboxError HF_SANDBOX_PLATFORM.
 */
export function seccompFilter(architecture: string = process.arch): Uint8Array {
  if (architecture !== 'x64' && architecture !== 'arm64') {
    throw new SandboxError('HF_SANDBOX_PLATFORM', `there is no system call filter for ${shown(architecture)}`);
  }
  return encode([
    load(architectureOffset),
    jumpIfEqual(auditArchitecture[architecture], 1, 0),
    kill,
    load(numberOffset),
    ...(architecture === 'x64' ? [jumpIfAtLeast(x32Bit, 0, 1), kill] : []),
    ...refuse(forbiddenCalls, architecture, errors.EPERM),
    ...refuse(absentCalls, architecture, errors.ENOSYS),
    ...argumentRules.flatMap((rule) => refuseArgument(rule, architecture)),
    allow,
  ]);
}

function refuse(calls: readonly SystemCall[], architecture: FilteredArchitecture, error: Instruction): Instruction[] {
  return numbersOf(calls, architecture).flatMap((number) => [jumpIfEqual(number, 0, 1), error]);
}

/** The accumulator holds the number before, and again after. */
function refuseArgument(rule: ArgumentRule, architecture: FilteredArchitecture): Instruction[] {
  const test = [load(argumentOffset(rule.argument)), ...refuseValue(rule), load(numberOffset)];
  return numbersOf(rule.calls, architecture).flatMap((number) => [jumpIfEqual(number, 0, test.length), ...test]);
}

function refuseValue({ when, values, error }: ArgumentRule): Instruction[] {
  if (when === 'bits') return values.flatMap((bits) => [jumpIfBits(bits, 0, 1), errors[error]]);
  if (when === 'equal') return values.flatMap((value) => [jumpIfEqual(value, 0, 1), errors[error]]);
  const last = values.length - 1;
  return [...values.map((value, at) => jumpIfEqual(value, last - at + 1, 0)), errors[error]];
}

function numbersOf(calls: readonly SystemCall[], architecture: FilteredArchitecture): number[] {
  return calls.map(([, x64, arm64]) => (architecture === 'x64' ? x64 : arm64)).filter((number) => number !== null);
}

function encode(instructions: readonly Instruction[]): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(instructions.length * 8));
  for (const [at, [code, ifTrue, ifFalse, k]] of instructions.entries()) {
    bytes.setUint16(at * 8, code, true);
    bytes.setUint8(at * 8 + 2, ifTrue);
    bytes.setUint8(at * 8 + 3, ifFalse);
    bytes.setUint32(at * 8 + 4, k, true);
  }
  return new Uint8Array(bytes.buffer);
}
