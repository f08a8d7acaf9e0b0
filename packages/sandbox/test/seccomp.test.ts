import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bubblewrapIsolation, findToolchain, SandboxError, seccompFilter } from '@holdfast/sandbox';
import { launch } from '@holdfast/sandbox/launch';
import { systemCallProgram } from '@holdfast/sandbox/system-call-trial';
import { absentCalls, argumentRules, forbiddenCalls } from '@holdfast/sandbox/system-calls';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bubblewrap, bubblewrapVersion, needsBubblewrap, Scene } from './scene.ts';

const x64 = { arch: 0xc000003e, filter: seccompFilter('x64') };
const arm64 = { arch: 0xc00000b7, filter: seccompFilter('arm64') };

/** What the kernel does with a filter: the part of BPF that `bpf_check_classic` and seccomp allow, read from its manual. */
function evaluate(filter: Uint8Array, data: { nr: number; arch: number; args?: readonly number[] }): string {
  const { nr, arch, args = [] } = data;
  const words = [nr, arch, 0, 0, ...Array.from({ length: 6 }, (_, at) => [(args[at] ?? 0) >>> 0, 0]).flat()];
  const view = new DataView(filter.buffer);
  let accumulator = 0;
  for (let pc = 0, steps = 0; pc * 8 < filter.length; pc += 1, steps += 1) {
    if (steps > 4096) throw new Error('BPF_MAXINSNS');
    const code = view.getUint16(pc * 8, true);
    const [ifTrue, ifFalse, k] = [
      view.getUint8(pc * 8 + 2),
      view.getUint8(pc * 8 + 3),
      view.getUint32(pc * 8 + 4, true),
    ];
    if (code === 0x20) accumulator = words[k / 4]! >>> 0;
    else if (code === 0x15) pc += accumulator === k ? ifTrue : ifFalse;
    else if (code === 0x35) pc += accumulator >= k ? ifTrue : ifFalse;
    else if (code === 0x45) pc += (accumulator & k) !== 0 ? ifTrue : ifFalse;
    else if (code === 0x06) return k === 0x7fff0000 ? 'allow' : k === 0x80000000 ? 'kill' : `errno ${k - 0x50000}`;
    else throw new Error(`instruction ${code}`);
  }
  throw new Error('ran off the end');
}

describe('the system call filter', () => {
  // numbers from the manual page syscalls(2) and `ausyscall`, errors from errno(3)
  it.each([
    ['ptrace', 101, 117, 'errno 1'],
    ['bpf', 321, 280, 'errno 1'],
    ['mount', 165, 40, 'errno 1'],
    ['unshare', 272, 97, 'errno 1'],
    ['keyctl', 250, 219, 'errno 1'],
    ['clone3', 435, 435, 'errno 38'],
    ['io_uring_setup', 425, 425, 'errno 38'],
    ['read', 0, 63, 'allow'],
    ['execve', 59, 221, 'allow'],
    ['clone without flags', 56, 220, 'allow'],
  ])('answers %s', (_, onX64, onArm64, answer) => {
    expect(evaluate(x64.filter, { nr: onX64, arch: x64.arch })).toBe(answer);
    expect(evaluate(arm64.filter, { nr: onArm64, arch: arm64.arch })).toBe(answer);
  });

  it.each([
    ['clone with CLONE_NEWUSER', 56, [0x10000011], 'errno 1'],
    ['clone with CLONE_NEWNS', 56, [0x00020011], 'errno 1'],
    ['clone of a thread', 56, [0x003d0f00], 'allow'],
    ['ioctl TIOCSTI', 16, [0, 0x5412], 'errno 1'],
    ['ioctl TIOCLINUX', 16, [0, 0x541c], 'errno 1'],
    ['ioctl TCGETS', 16, [0, 0x5401], 'allow'],
    ['socket AF_UNIX', 41, [1], 'allow'],
    ['socket AF_INET6', 41, [10], 'allow'],
    ['socket AF_NETLINK', 41, [16], 'allow'],
    ['socket AF_PACKET', 41, [17], 'errno 97'],
    ['socket AF_VSOCK', 41, [40], 'errno 97'],
    ['chmod 4755', 90, [0, 0o4755], 'errno 1'],
    ['chmod 0755', 90, [0, 0o755], 'allow'],
    ['fchmodat 2755', 268, [0, 0, 0o2755], 'errno 1'],
    ['fchmodat 0644', 268, [0, 0, 0o644], 'allow'],
  ])('looks at arguments: %s', (_, nr, args, answer) => {
    expect(evaluate(x64.filter, { nr, arch: x64.arch, args })).toBe(answer);
  });

  it('kills what comes by another architecture or as x32', () => {
    expect(evaluate(x64.filter, { nr: 0, arch: 0x40000003 })).toBe('kill'); // AUDIT_ARCH_I386
    expect(evaluate(x64.filter, { nr: 0x40000000, arch: x64.arch })).toBe('kill');
    expect(evaluate(arm64.filter, { nr: 0, arch: 0x40000028 })).toBe('kill'); // AUDIT_ARCH_ARM
  });

  it('ends with an answer for every number, architecture and arguments', () => {
    const word = fc.nat({ max: 0xffffffff });
    fc.assert(
      fc.property(
        word,
        fc.oneof(word, fc.constantFrom(x64.arch, arm64.arch)),
        fc.array(word, { maxLength: 6 }),
        (nr, arch, args) => {
          expect(evaluate(x64.filter, { nr, arch, args })).toMatch(/^(?:allow|kill|errno (?:1|38|97))$/);
          expect(evaluate(arm64.filter, { nr, arch, args })).toMatch(/^(?:allow|kill|errno (?:1|38|97))$/);
        },
      ),
    );
  });

  it('is refused for a processor without a table', () => {
    expect(() => seccompFilter('riscv64')).toThrow(SandboxError);
    expect(() => systemCallProgram({ number: 1 }, 'riscv64')).toThrow(
      expect.objectContaining({ code: 'HF_SANDBOX_PLATFORM', exit: 3 }),
    );
  });
});

describe('the kernel with the filter', () => {
  const column = process.arch === 'arm64' ? 2 : 1;
  const numbered = (calls: typeof forbiddenCalls) => calls.filter((call) => call[column] !== null);

  /** Exit status of each program, in the sandbox or without it. */
  async function statuses(programs: readonly Uint8Array[]): Promise<number[]> {
    const scene = new Scene();
    try {
      const paths = programs.map((bytes, at) => {
        const path = join(scene.project, `call-${at}`);
        writeFileSync(path, bytes);
        chmodSync(path, 0o755);
        return path;
      });
      const toolchain = await findToolchain({ names: [], project: scene.project });
      const isolation = bubblewrapIsolation({ program: bubblewrap, version: bubblewrapVersion(), toolchain });
      const command = `for n in $(seq 0 ${paths.length - 1}); do ./call-$n 2>/dev/null; echo $?; done`;
      const { stdout } = await launch(await isolation.wrap(scene.request(command, { readable: paths })));
      return stdout.trim().split('\n').map(Number);
    } finally {
      scene.remove();
    }
  }

  it('refuses each call that is listed', async (context) => {
    needsBubblewrap(context);
    const calls = [...numbered(forbiddenCalls), ...numbered(absentCalls)];
    const found = await statuses(calls.map((call) => systemCallProgram({ number: call[column]! })));
    const expected = [...numbered(forbiddenCalls).map(() => 1), ...numbered(absentCalls).map(() => 38)];
    expect(Object.fromEntries(calls.map(([name], at) => [name, found[at]]))).toEqual(
      Object.fromEntries(calls.map(([name], at) => [name, expected[at]])),
    );
  });

  it('refuses arguments, and allows the others', async (context) => {
    needsBubblewrap(context);
    const number = (name: string): number =>
      argumentRules.flatMap(({ calls }) => calls).find((call) => call[0] === name)![column]!;
    const tried: [number, TriedValues][] = [
      [1, { number: number('clone'), values: [0x10000000] }],
      [97, { number: number('socket'), values: [40, 1, 0] }],
      [0, { number: number('socket'), values: [1, 1, 0] }],
      [1, { number: number('ioctl'), values: [1, 0x5412, 0] }],
      [1, { number: number('fchmod'), values: [1, 0o4755] }],
      [1, { number: number('fchmodat'), values: [1, 0, 0o2755] }],
      [14, { number: number('fchmodat'), values: [1, 0, 0o755] }], // EFAULT: the kernel looked at the empty path
    ];
    expect(await statuses(tried.map(([, call]) => systemCallProgram(call)))).toEqual(tried.map(([status]) => status));
  });

  it.runIf(process.arch === 'x64')('kills a program that uses an x32 number', async (context) => {
    needsBubblewrap(context);
    expect(await statuses([systemCallProgram({ number: 0x40000000 + 39 })])).toEqual([128 + 31]); // SIGSYS
  });
});

type TriedValues = Parameters<typeof systemCallProgram>[0];
