import { SandboxError, shown } from './errors.ts';
import { type ArgumentRule, absentCalls, argumentRules, forbiddenCalls, type SystemCall } from './system-calls.ts';

/** One rule of a profile: `LinuxSyscall` of the OCI runtime specification 1.1, `config-linux.md`, "Seccomp". */
export interface SeccompRule {
  readonly names: readonly string[];
  readonly action: 'SCMP_ACT_ERRNO';
  readonly errnoRet: number;
  /** All must match. */
  readonly args?: readonly SeccompArgument[];
}

export interface SeccompArgument {
  readonly index: number;
  /** For SCMP_CMP_MASKED_EQ the mask, else what is compared with. */
  readonly value: number;
  /** For SCMP_CMP_MASKED_EQ what is compared with. */
  readonly valueTwo?: number;
  readonly op: 'SCMP_CMP_EQ' | 'SCMP_CMP_GE' | 'SCMP_CMP_MASKED_EQ';
}

/** The part of `LinuxSeccomp` that container engines read from `--security-opt seccomp=FILE`. */
export interface SeccompProfile {
  readonly defaultAction: 'SCMP_ACT_ALLOW';
  readonly architectures: readonly string[];
  readonly syscalls: readonly SeccompRule[];
}

// asm-generic/errno-base.h and errno.h
const errors = { EPERM: 1, ENOSYS: 38, EAFNOSUPPORT: 97 } as const;

const architectures = new Map([
  ['x64', 'SCMP_ARCH_X86_64'],
  ['arm64', 'SCMP_ARCH_AARCH64'],
]);

/**
 * The table of `system-calls.ts` as a profile for a container engine: the same answers as `seccompFilter`.
 *
 * With one architecture only, libseccomp kills what comes by another one (SCMP_FLTATR_ACT_BADARCH), x32 among them. It
 * knows calls by name: one that is newer than the machine's libseccomp is not forbidden. It compares all 64 bits of an
 * argument of which the kernel reads 32, so values are compared under a mask.
 *
 * @throws SandboxError HF_SANDBOX_PLATFORM.
 */
export function seccompProfile(architecture: string = process.arch): SeccompProfile {
  const name = architectures.get(architecture);
  if (name === undefined) {
    throw new SandboxError('HF_SANDBOX_PLATFORM', `there is no system call filter for ${shown(architecture)}`);
  }
  const there = (calls: readonly SystemCall[]): string[] =>
    calls.flatMap(([call, x64, arm64]) => ((architecture === 'x64' ? x64 : arm64) === null ? [] : [call]));
  return {
    defaultAction: 'SCMP_ACT_ALLOW',
    architectures: [name],
    syscalls: [
      { names: there(forbiddenCalls), action: 'SCMP_ACT_ERRNO', errnoRet: errors.EPERM },
      { names: there(absentCalls), action: 'SCMP_ACT_ERRNO', errnoRet: errors.ENOSYS },
      ...argumentRules.flatMap((rule) => argumentRule(rule, there(rule.calls))),
    ],
  };
}

/** One rule for each value: those of one call add up, while the arguments within a rule must all match. */
function argumentRule(rule: ArgumentRule, names: readonly string[]): SeccompRule[] {
  return argumentsOf(rule).map((argument) => ({
    names,
    action: 'SCMP_ACT_ERRNO',
    errnoRet: errors[rule.error],
    args: [argument],
  }));
}

const lowerHalf = 0xffff_ffff;

function argumentsOf({ argument: index, when, values }: ArgumentRule): SeccompArgument[] {
  if (when === 'bits') return values.flatMap(bitsOf).map((bit) => maskedEqual(index, bit, bit));
  if (when === 'equal') return values.map((value) => maskedEqual(index, lowerHalf, value));
  // "anything but": each smaller value that is not among them, and all that is greater, the upper half included
  const greatest = Math.max(...values);
  const others = Array.from({ length: greatest }, (_, value) => value).filter((value) => !values.includes(value));
  return [
    ...others.map((value) => maskedEqual(index, lowerHalf, value)),
    { index, value: greatest + 1, op: 'SCMP_CMP_GE' },
  ];
}

function maskedEqual(index: number, value: number, valueTwo: number): SeccompArgument {
  return { index, value, valueTwo, op: 'SCMP_CMP_MASKED_EQ' };
}

function bitsOf(value: number): number[] {
  return Array.from({ length: 32 }, (_, at) => 2 ** at).filter((bit) => Math.floor(value / bit) % 2 === 1);
}
