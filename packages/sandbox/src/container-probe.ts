import { existsSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { containerIsolation } from './container.ts';
import {
  type CandidateOptions,
  type ContainerEngine,
  type EngineCandidate,
  engineCandidates,
  engineFolders,
  type HeldLimit,
} from './container-engine.ts';
import { type ContainerFacts, lookInside } from './container-trial.ts';
import { tryDenials } from './denial-trial.ts';
import { describeEngine } from './engine-description.ts';
import { shown } from './errors.ts';
import { installCommand } from './install-command.ts';
import type { Kernels } from './isolation.ts';
import { readCache, writeCache } from './probe-cache.ts';
import { nodeOnly } from './trial-scene.ts';
import { hostKernel, virtualMachineProblem } from './virtual-machine.ts';

/** What a container engine of this machine can do. */
export interface ContainerProbe {
  /** Every denial was tried here, on this kernel, and held; for `vm`, on another kernel. */
  readonly available: boolean;
  readonly engine?: ContainerEngine;
  /** Limits that its control groups were seen to hold. */
  readonly holds?: readonly HeldLimit[];
  /** For level `vm`. */
  readonly kernels?: Kernels;
  /** Lower-case sentences; empty when it is available. */
  readonly problems: readonly string[];
  /** What to do, often a command. */
  readonly fix?: string;
}

export interface ContainerProbeOptions extends CandidateOptions {
  readonly level: 'container' | 'vm';
  /** A file that keeps the result until the machine starts anew or an engine or this package changes. */
  readonly cache?: string;
}

/** Changes with what is tried: a result of an earlier version of this file does not count. */
const probeVersion = 1;

/**
 * Finds out whether this machine keeps the promises of a container, by breaking them: in a container that was started as
 * those of stages are, the same is tried as `probeSandbox` tries, with each engine and runtime until one holds. For
 * level `vm` its kernel must also be another one than this machine's. Takes some seconds without a cache.
 *
 * Never throws for what the machine lacks: that is in `problems`.
 *
 * @example
 * const probe = await probeContainer({ level: 'container', cache: '~/.cache/holdfast/container.json' });
 * if (!probe.available) throw new Error(`${probe.problems.join('; ')}: ${probe.fix}`);
 */
export async function probeContainer(options: ContainerProbeOptions): Promise<ContainerProbe> {
  const missing = missingPart(options);
  if (missing !== undefined) return missing;
  const key = cacheKey(options);
  const known = options.cache === undefined ? undefined : knownProbe(readCache(options.cache, key), options.level);
  if (known !== undefined) return known;
  const result = await tryAll(options);
  const { engine, holds, kernels } = result;
  if (options.cache !== undefined && result.available) writeCache(options.cache, key, { engine, holds, kernels });
  return result;
}

const nameVmRuntime = 'name a runtime with a kernel of its own, such as kata or krun, in HOLDFAST_VM_RUNTIME';
const installPodman = installCommand('podman', 'install podman 4.3 or newer', 'podman uidmap crun');

function missingPart(options: ContainerProbeOptions): ContainerProbe | undefined {
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) {
    const platform = `${process.platform} on ${process.arch}`;
    return unavailable(
      [`containers are for Linux on x86_64 and aarch64, this is \`${platform}\``],
      'use a Linux machine',
    );
  }
  if (options.runtime !== undefined && !/^(?:\/|[A-Za-z0-9])[A-Za-z0-9._/+-]{0,200}$/.test(options.runtime)) {
    return unavailable(
      [`${shown(options.runtime)} is no name of a runtime`],
      'name a runtime, such as `crun` or `kata`',
    );
  }
  if (engineCandidates(options).length === 0) {
    const { engine } = options;
    const what = engine === undefined ? 'neither podman nor docker is installed' : `${shown(engine)} is not installed`;
    return unavailable([what], installPodman);
  }
  if (existsSync('/usr/bin/setpriv') || existsSync('/bin/setpriv')) return undefined;
  return unavailable(['setpriv is not installed'], installCommand('util-linux', 'install util-linux'));
}

/** The first that holds; else the first problem of each engine. */
async function tryAll(options: ContainerProbeOptions): Promise<ContainerProbe> {
  const problems: string[] = [];
  const complaints: string[] = [];
  const tried = new Set<string>();
  for (const candidate of engineCandidates(options)) {
    const { engine, result, complaint } = await tryOne(candidate, options, tried);
    if (result?.available === true) return result;
    if (result === undefined) continue;
    const name = engine === undefined ? '' : `${engine.name} with ${engine.runtimeVersion}: `;
    problems.push(...result.problems.map((problem) => `${name}${problem}`));
    complaints.push(...result.problems, complaint);
  }
  return unavailable(problems, fixFor(complaints.join('\n')));
}

interface Tried {
  readonly engine?: ContainerEngine;
  /** Nothing for a runtime that was tried already by another name. */
  readonly result?: ContainerProbe;
  readonly complaint: string;
}

async function tryOne(
  candidate: EngineCandidate,
  { level }: ContainerProbeOptions,
  tried: Set<string>,
): Promise<Tried> {
  const engine = await describeEngine(candidate);
  if ('problem' in engine) {
    const isKnown = tried.has(engine.problem);
    tried.add(engine.problem);
    return isKnown ? { complaint: '' } : { result: unavailable([engine.problem]), complaint: engine.problem };
  }
  const name = `${engine.name} ${engine.runtimeVersion}`;
  if (tried.has(name)) return { complaint: '' };
  tried.add(name);
  const denials = await tryDenials((toolchain) => containerIsolation({ engine, toolchain }));
  if (denials.problems.length > 0) {
    return { engine, result: unavailable(denials.problems), complaint: denials.complaint };
  }
  const facts = await lookInside((holds) => containerIsolation({ engine, holds, toolchain: nodeOnly() }));
  return { engine, result: judge(engine, facts, level), complaint: 'problem' in facts ? facts.problem : '' };
}

function judge(
  engine: ContainerEngine,
  facts: ContainerFacts | { readonly problem: string },
  level: ContainerProbeOptions['level'],
): ContainerProbe {
  if ('problem' in facts) return unavailable([`a container does not tell what it is: ${facts.problem}`]);
  const strangers = facts.strangers.map((path) => `a container shows ${shown(path)}, which nobody declared`);
  const same = level === 'vm' ? virtualMachineProblem(facts, engine.runtimeVersion) : undefined;
  const problems = [...strangers, ...(same === undefined ? [] : [same])];
  if (problems.length > 0) return unavailable(problems);
  const kernels = level === 'vm' ? { kernels: { host: hostKernel(), guest: facts.kernel } } : {};
  return { available: true, engine, holds: facts.holds, ...kernels, problems };
}

function unavailable(problems: readonly string[], fix?: string): ContainerProbe {
  return { available: false, problems, ...(fix === undefined ? {} : { fix }) };
}

function fixFor(complaint: string): string {
  if (/kernel of this machine|virtual machine/.test(complaint)) return nameVmRuntime;
  if (/runtime.*not found|Unknown runtime/i.test(complaint)) return 'install the runtime, and name it to the engine';
  if (/subuid|subgid|insufficient UIDs|newuidmap|newgidmap/i.test(complaint)) {
    const ranges = '--add-subuids 100000-165535 --add-subgids 100000-165535';
    return `usermod ${ranges} "$(id -un)", with newuidmap installed (${installCommand('shadow', 'shadow', 'uidmap')}), then podman system migrate`;
  }
  if (/docker does not answer/.test(complaint))
    return 'start the docker service and join the group docker, or use podman';
  if (/docker would run/.test(complaint)) return `use podman: ${installPodman}`;
  if (/hybrid mode|cgroup/i.test(complaint)) return installCommand('runc', 'install runc');
  return 'run `podman info` and `podman run`: they tell what is wrong with the engine';
}

/** Programs and settings that decide what a container is, by size and time: hashing all of them would take a second. */
const deciding = [
  ...['podman', 'docker', 'dockerd', 'conmon', 'crun', 'runc'].flatMap((name) =>
    engineFolders.map((folder) => `${folder}/${name}`),
  ),
  ...['/usr/share/containers', '/etc/containers', `${homedir()}/.config/containers`].flatMap((folder) => [
    `${folder}/containers.conf`,
    `${folder}/containers.conf.d`,
    `${folder}/mounts.conf`,
  ]),
  ...['/etc/docker/daemon.json', '/etc/subuid', '/etc/subgid'],
];

function cacheKey({ level, engine = '', runtime = '' }: ContainerProbeOptions): string {
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  const files = deciding.flatMap((path) => {
    const entry = statSync(path, { throwIfNoEntry: false, bigint: true });
    return entry === undefined ? [] : [`${path}:${entry.size}:${entry.mtimeNs}`];
  });
  const told = ['DOCKER_HOST', 'CONTAINERS_CONF', 'CONTAINERS_STORAGE_CONF'].map((name) => process.env[name] ?? '');
  return JSON.stringify([probeVersion, level, engine, runtime, boot, process.geteuid?.() ?? 0, told, files]);
}

function knownProbe(
  kept: Readonly<Record<string, unknown>> | undefined,
  level: ContainerProbeOptions['level'],
): ContainerProbe | undefined {
  if (kept === undefined) return undefined;
  const { engine, holds, kernels } = kept as Partial<ContainerProbe>;
  const isKnown = isEngine(engine) && Array.isArray(holds) && (level === 'container') === (kernels === undefined);
  return isKnown
    ? { available: true, engine, holds, ...(kernels === undefined ? {} : { kernels }), problems: [] }
    : undefined;
}

function isEngine(value: Partial<ContainerEngine> | undefined): value is ContainerEngine {
  if (typeof value !== 'object') return false;
  const texts: readonly (keyof ContainerEngine)[] = ['name', 'program', 'version', 'runtimeVersion', 'user'];
  return texts.every((key) => typeof value[key] === 'string');
}
