import { SandboxError } from '@holdfast/sandbox';
import { type SeccompArgument, seccompProfile } from '@holdfast/sandbox/seccomp-profile';
import { describe, expect, it } from 'vitest';

/** Whether an argument matches: seccomp_rule_add(3), `SCMP_CMP_EQ`, `SCMP_CMP_GE` and `SCMP_CMP_MASKED_EQ`, 64 bits. */
function matches({ index, value, valueTwo = 0, op }: SeccompArgument, args: readonly bigint[]): boolean {
  const actual = args[index] ?? 0n;
  if (op === 'SCMP_CMP_EQ') return actual === BigInt(value);
  if (op === 'SCMP_CMP_GE') return actual >= BigInt(value);
  return (actual & BigInt(value)) === BigInt(valueTwo);
}

/** What libseccomp answers: the error of a rule of which everything matches. */
function answer(name: string, args: readonly bigint[] = [], architecture = 'x64'): string {
  const rules = seccompProfile(architecture).syscalls.filter(({ names }) => names.includes(name));
  const hit = rules.find(({ args: wanted = [] }) => wanted.every((argument) => matches(argument, args)));
  return hit === undefined ? 'allow' : `errno ${hit.errnoRet}`;
}

describe('the profile for container engines', () => {
  // the same calls and errors as the filter of the sandbox; numbers from linux/sched.h, linux/socket.h, linux/stat.h
  it.each<[string, number[], string]>([
    ['ptrace', [], 'errno 1'],
    ['mount', [], 'errno 1'],
    ['unshare', [], 'errno 1'],
    ['keyctl', [], 'errno 1'],
    ['clone3', [], 'errno 38'],
    ['io_uring_setup', [], 'errno 38'],
    ['read', [], 'allow'],
    ['execve', [], 'allow'],
    ['clone', [0x10000011], 'errno 1'], // CLONE_NEWUSER
    ['clone', [0x00020011], 'errno 1'], // CLONE_NEWNS
    ['clone', [0x40000000], 'errno 1'], // CLONE_NEWNET
    ['clone', [0x003d0f00], 'allow'], // a thread
    ['ioctl', [0, 0x5412], 'errno 1'], // TIOCSTI
    ['ioctl', [0, 0x1_0000_5412], 'errno 1'], // the kernel reads 32 bits
    ['ioctl', [0, 0x541c], 'errno 1'], // TIOCLINUX
    ['ioctl', [0, 0x5401], 'allow'], // TCGETS
    ['socket', [1], 'allow'], // AF_UNIX
    ['socket', [2], 'allow'], // AF_INET
    ['socket', [10], 'allow'], // AF_INET6
    ['socket', [16], 'allow'], // AF_NETLINK
    ['socket', [0], 'errno 97'], // AF_UNSPEC
    ['socket', [9], 'errno 97'], // AF_X25
    ['socket', [17], 'errno 97'], // AF_PACKET
    ['socket', [38], 'errno 97'], // AF_ALG
    ['socket', [40], 'errno 97'], // AF_VSOCK
    ['socket', [0xffff_ffff], 'errno 97'],
    ['socket', [0x1_0000_0028], 'errno 97'],
    ['chmod', [0, 0o4755], 'errno 1'],
    ['chmod', [0, 0o2755], 'errno 1'],
    ['chmod', [0, 0o755], 'allow'],
    ['fchmodat', [0, 0, 0o6755], 'errno 1'],
    ['fchmodat', [0, 0, 0o644], 'allow'],
  ])('answers %s %j', (name, args, expected) => {
    expect(answer(name, args.map(BigInt))).toBe(expected);
  });

  it('has the calls that a processor has, and one architecture', () => {
    expect(answer('modify_ldt')).toBe('errno 1');
    expect(answer('modify_ldt', [], 'arm64')).toBe('allow');
    expect(answer('ptrace', [], 'arm64')).toBe('errno 1');
    expect(seccompProfile('x64').architectures).toEqual(['SCMP_ARCH_X86_64']);
    expect(seccompProfile('arm64').architectures).toEqual(['SCMP_ARCH_AARCH64']);
    expect(() => seccompProfile('riscv64')).toThrow(SandboxError);
    expect(() => seccompProfile('constructor')).toThrow(SandboxError);
  });
});
