import { join } from 'node:path';
import type { DigestCache } from '@holdfast/evidence/digest/cache';
import { bubblewrapIsolation } from './bubblewrap.ts';
import { containerIsolation } from './container.ts';
import { type ContainerProbe, probeContainer } from './container-probe.ts';
import { SandboxError } from './errors.ts';
import type { Isolation, IsolationLevel } from './isolation.ts';
import { type ProbeResult, probeSandbox } from './probe.ts';
import { type RecordedToolchain, resolveToolchain, type Toolchain } from './toolchain.ts';

/** The levels that this package can give, weakest first. */
export const isolationLevels = ['sandbox', 'container', 'vm'] as const satisfies readonly IsolationLevel[];

/** A level that can be demanded of {@link isolationFor}. */
export type DemandedLevel = (typeof isolationLevels)[number];

export interface LevelOptions {
  /** Folder that keeps what was found out, one file for each level; default: nothing is kept. */
  readonly cache?: string;
  /** For `sandbox`: absolute path of `bwrap`; default: as {@link probeSandbox} finds it. */
  readonly bubblewrap?: string;
  /**
   * For `container` and `vm`: `podman`, `docker`, or the absolute path of one; default: HOLDFAST_CONTAINER_ENGINE, else
   * whichever holds, podman first.
   */
  readonly engine?: string;
  /** For `container`: an OCI runtime by name or absolute path; default: whichever holds, the engine's own first. */
  readonly runtime?: string;
  /** For `vm`: an OCI runtime with a kernel of its own; default: `HOLDFAST_VM_RUNTIME`. */
  readonly vmRuntime?: string;
}

/** Whether this machine has a level, and what it is made of. */
export interface LevelDescription {
  readonly level: DemandedLevel;
  readonly available: boolean;
  /** `bubblewrap 0.8.0`, `podman 4.3.1 with runc 1.1.5`. */
  readonly mechanism?: string;
  /** Lower-case sentences; empty when it is available. */
  readonly problems: readonly string[];
  /** What to do to get it, often a command. */
  readonly fix?: string;
}

/**
 * Which levels this machine has, weakest first. Each was tried, as `probeSandbox` and `probeContainer` do.
 *
 * @example
 * for (const { level, available, fix } of await describeLevels()) console.log(level, available ? 'yes' : fix);
 */
export async function describeLevels(options: LevelOptions = {}): Promise<LevelDescription[]> {
  const found: LevelDescription[] = [];
  for (const level of isolationLevels) found.push((await openLevel(level, options)).description);
  return found;
}

/**
 * The isolation of exactly this level for the stages of one project. Where it cannot be had there is none: a weaker
 * one is never taken in its place, and a stronger one only when it is demanded by its name.
 *
 * @throws SandboxError HF_SANDBOX_UNAVAILABLE with the reason and what to do, HF_SANDBOX_TOOLCHAIN.
 *
 * @example
 * const { isolation, toolchain } = await isolationFor('container', { toolchain: ['python'], project: '~/model' });
 */
export async function isolationFor(
  level: DemandedLevel,
  options: LevelOptions & ToolchainWish,
): Promise<{ isolation: Isolation; toolchain: RecordedToolchain }> {
  const { description, isolationOf } = await openLevel(level, options);
  if (isolationOf === undefined) {
    const message = `isolation \`${level}\` cannot be had here: ${description.problems.join('; ')}`;
    throw new SandboxError(
      'HF_SANDBOX_UNAVAILABLE',
      message,
      description.fix === undefined ? {} : { fix: description.fix },
    );
  }
  const { toolchain: names, project, digests: cache } = options;
  const toolchain = await resolveToolchain({ names, project, cache });
  return { isolation: isolationOf(toolchain), toolchain };
}

interface ToolchainWish {
  /** Names of programs: `['python']`. */
  readonly toolchain: readonly string[];
  /** Absolute path. */
  readonly project: string;
  /** Where the digests of the toolchain's files are kept; without it each of them is read every time. */
  readonly digests?: DigestCache | undefined;
}

/** A level that was tried once, for many toolchains. */
export interface OpenedLevel {
  readonly description: LevelDescription;
  /** Missing where the level cannot be had. */
  readonly isolationOf?: (toolchain: Toolchain) => Isolation;
}

/** Tries one level; for those who resolve toolchains by themselves. Never throws for what the machine lacks. */
export async function openLevel(level: DemandedLevel, options: LevelOptions = {}): Promise<OpenedLevel> {
  const cache = options.cache === undefined ? {} : { cache: join(options.cache, `${level}.json`) };
  if (level === 'sandbox') {
    const program = options.bubblewrap === undefined ? {} : { program: options.bubblewrap };
    return fromSandbox(await probeSandbox({ ...cache, ...program }));
  }
  const named = options.engine ?? process.env['HOLDFAST_CONTAINER_ENGINE'];
  const engine = named === undefined || named === '' ? {} : { engine: named };
  const runtime = level === 'vm' ? (options.vmRuntime ?? process.env['HOLDFAST_VM_RUNTIME']) : options.runtime;
  if (level === 'vm' && (runtime === undefined || runtime === '')) return { description: noRuntime };
  return fromContainer(
    level,
    await probeContainer({ level, ...cache, ...engine, ...(runtime === undefined ? {} : { runtime }) }),
  );
}

const noRuntime: LevelDescription = {
  level: 'vm',
  available: false,
  problems: ['no container runtime with a kernel of its own is named'],
  fix: 'install one, such as Kata Containers or crun with libkrun, and set HOLDFAST_VM_RUNTIME=kata or =krun',
};

function fromSandbox({ available, program, version, problems, fix }: ProbeResult): OpenedLevel {
  const about = { level: 'sandbox', available, problems, ...(fix === undefined ? {} : { fix }) } as const;
  if (!available || program === undefined || version === undefined)
    return { description: { ...about, available: false } };
  return {
    description: { ...about, mechanism: `bubblewrap ${version}` },
    isolationOf: (toolchain) => bubblewrapIsolation({ program, version, toolchain }),
  };
}

function fromContainer(level: 'container' | 'vm', probe: ContainerProbe): OpenedLevel {
  const { available, engine, holds = [], kernels, problems, fix } = probe;
  const about = { level, available, problems, ...(fix === undefined ? {} : { fix }) };
  if (!available || engine === undefined) return { description: { ...about, available: false } };
  return {
    description: { ...about, mechanism: `${engine.name} ${engine.version} with ${engine.runtimeVersion}` },
    isolationOf: (toolchain) =>
      containerIsolation({ engine, holds, toolchain, ...(kernels === undefined ? {} : { kernels }) }),
  };
}
