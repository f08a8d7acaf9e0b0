import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { initTasks } from './container-arguments.ts';
import type { HeldLimit } from './container-engine.ts';
import { initPath } from './container-root.ts';
import type { Isolation, IsolationRequest, Limits } from './isolation.ts';
import { launch } from './launch.ts';
import { isWithin } from './paths.ts';
import { type SeenLimits, seenLimits } from './seen-limits.ts';
import { nodeOnly, TrialScene } from './trial-scene.ts';

/** What a program in a container saw of the kernel, and what of the program was seen outside. */
export interface ContainerFacts {
  /** Of `/proc/sys/kernel/random/boot_id`: random(4); a kernel has another one each time it starts. */
  readonly bootId: string;
  /** Release of the kernel. */
  readonly kernel: string;
  /** Whether the processor says that it is one of a virtual machine: the flag `hypervisor` of `/proc/cpuinfo`. */
  readonly hypervisor: boolean;
  /** Mounts and devices that nobody declared: an engine's settings may add to every container. */
  readonly strangers: readonly string[];
  /** Limits that the kernel of this machine holds for it. */
  readonly holds: readonly HeldLimit[];
}

/** Odd, so that no group above has the same by chance; the memory in whole pages of 64 KiB, the largest there are. */
const asked = { memoryBytes: 4099 * 65_536, cpus: 0.37, processCount: 53 } satisfies Limits;

/** Tells, then waits in its staging folder for the word to end, at most ten seconds. */
const program = `
cat /proc/sys/kernel/random/boot_id /proc/sys/kernel/osrelease
grep -c -m 1 '^flags.* hypervisor' /proc/cpuinfo || :
cut -d ' ' -f 5 /proc/self/mountinfo
for device in /dev/*; do echo "$device"; done
: >out/told
for turn in $(seq 200); do test -e out/end && exit 0; sleep 0.05; done`;

/**
 * Starts a container with limits and looks at it from both sides.
 *
 * @param isolationOf Makes an isolation whose engine is asked to hold these limits.
 * @returns `undefined` and what was said when it did not tell.
 */
export async function lookInside(
  isolationOf: (holds: readonly HeldLimit[]) => Isolation,
): Promise<ContainerFacts | { readonly problem: string }> {
  const withLimits = await look(isolationOf(['memory', 'cpus', 'process-count']), asked);
  // an engine that cannot hold a limit may refuse to start
  return 'problem' in withLimits ? look(isolationOf([]), {}) : withLimits;
}

async function look(isolation: Isolation, limits: Limits): Promise<ContainerFacts | { readonly problem: string }> {
  const scene = new TrialScene();
  try {
    const request = scene.request(['/bin/sh', '-c', program], [], limits);
    const staging = join(request.staging ?? '', 'out');
    const result = launch(await isolation.wrap(request), { timeoutMs: 30_000 });
    const seen = await seenOf(request.environment['HOLDFAST_RUN'] ?? '', join(staging, 'told'), result);
    writeFileSync(join(staging, 'end'), '', { flag: 'a' });
    const { code, stdout, stderr } = await result;
    const told = code === 0 ? read(stdout, request) : undefined;
    return told === undefined
      ? { problem: stderr.split('\n')[0]?.slice(0, 300) ?? '' }
      : { ...told, holds: held(seen) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  } finally {
    scene.remove();
  }
}

function read(stdout: string, request: IsolationRequest): Omit<ContainerFacts, 'holds'> | undefined {
  const [bootId = '', kernel = '', hypervisor = '', ...places] = stdout.trimEnd().split('\n');
  if (!/^[0-9a-f-]{36}$/.test(bootId) || !/^[\w.+~-]{1,100}$/.test(kernel)) return undefined;
  const strangers = [...new Set(places)].filter((path) => !isDeclared(path, request)).slice(0, 10);
  return { bootId, kernel, hypervisor: hypervisor === '1', strangers };
}

const ordinaryDevices =
  /^\/dev(?:\/(?:null|zero|full|random|urandom|tty|console|pts|ptmx|pts\/ptmx|shm|mqueue|core|fd|std(?:in|out|err)))?$/;
const ownFiles = ['/etc/passwd', '/etc/group', '/etc/hosts', '/etc/nsswitch.conf', '/etc/hostname', '/etc/resolv.conf'];

function isDeclared(path: string, { project = '', temporary }: IsolationRequest): boolean {
  const exact = [
    '/',
    '/sys',
    '/sys/fs/cgroup',
    '/run/.containerenv',
    initPath,
    '/tmp',
    project,
    temporary,
    ...ownFiles,
  ];
  return (
    exact.includes(path) ||
    ordinaryDevices.test(path) ||
    ['/proc', ...nodeOnly().binds].some((folder) => isWithin(folder, path))
  );
}

/** Of 50 ms: as long as a container may take. */
const maximumTurns = 600;

/** The limits of a process of the run, looked up from outside when it has told; nothing where it cannot be seen. */
async function seenOf(marker: string, told: string, ended: Promise<unknown>): Promise<SeenLimits> {
  const over = ended.then(
    () => true,
    () => true,
  );
  for (let turn = 0; turn < maximumTurns && !existsSync(told); turn += 1) {
    if (await Promise.race([over, sleep(50, false)])) break;
  }
  const pid = readdirSync('/proc').find((name) => /^\d+$/.test(name) && isInContainer(name, marker));
  return pid === undefined ? {} : seenLimits({ self: `/proc/${pid}`, mounts: '/proc/self' });
}

/** A process of the run that is not one of those that started it: it has a namespace of processes of its own. */
function isInContainer(pid: string, marker: string): boolean {
  try {
    const isOfRun = `\0${readFileSync(`/proc/${pid}/environ`, 'latin1')}`.includes(`\0HOLDFAST_RUN=${marker}\0`);
    return isOfRun && /^NSpid:\t\d+\t\d+/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return false;
  }
}

function held({ memoryBytes, cpus, processCount }: SeenLimits): HeldLimit[] {
  return [
    ...(memoryBytes === asked.memoryBytes ? ['memory' as const] : []),
    ...(cpus === asked.cpus ? ['cpus' as const] : []),
    ...(processCount === asked.processCount + initTasks ? ['process-count' as const] : []),
  ];
}
