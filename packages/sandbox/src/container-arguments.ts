import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { ContainerEngine } from './container-engine.ts';
import { initPath, memoryFolders } from './container-root.ts';
import { SandboxError, shown } from './errors.ts';
import type { Bind, FilePlan } from './file-plan.ts';
import type { GpuDevices } from './gpu.ts';
import type { IsolationRequest, Limits } from './isolation.ts';
import { memoryFolderSize } from './limits.ts';
import { etcFiles, type InsideUser } from './made-files.ts';
import { maskedInProc } from './masked-proc.ts';
import { withSubmounts } from './submounts.ts';

/** What the options of one container are made from. */
export interface ContainerPlan {
  readonly engine: ContainerEngine;
  readonly request: IsolationRequest;
  readonly files: FilePlan;
  readonly gpu: GpuDevices;
  /** What is to be seen of the egress proxy. */
  readonly wayOut: readonly Bind[];
  /** Folder of the made files, `init` and `seccomp.json` among them. */
  readonly made: string;
  /** What the engine takes its root from: for podman `--rootfs FOLDER`, for docker the name of an image. */
  readonly root: readonly string[];
  readonly name: string;
  readonly inside: InsideUser;
  /** Limits that the engine's control groups hold. */
  readonly held: Limits;
}

/** Arguments of an engine that start a container and wait for it, the command left out. */
export function containerArguments(plan: ContainerPlan): string[] {
  const { engine, request, made, root, name } = plan;
  const runtime = engine.runtime === undefined ? [] : ['--runtime', engine.runtime];
  const start = engine.name === 'podman' ? ['--log-level', 'error', ...runtime, 'run'] : ['run', ...runtime];
  return [
    ...start,
    ...['--rm', '--interactive', '--pull', 'never', '--name', name, '--label', `org.holdfast.run=${request.runId}`],
    ...(engine.name === 'podman' ? podmanOptions(plan) : ['--log-driver', 'none']),
    ...['--network', request.network === 'open' ? 'host' : 'none'],
    ...['--cap-drop', 'all', '--security-opt', 'no-new-privileges'],
    ...['--security-opt', `seccomp=${join(made, 'seccomp.json')}`],
    ...['--read-only', '--init=false', '--ipc', 'private', '--hostname', 'sandbox'],
    ...['--user', `${plan.inside.user}:${plan.inside.group}`],
    ...['--env', `HOLDFAST_RUN=${request.environment['HOLDFAST_RUN'] ?? ''}`],
    ...limitOptions(plan),
    ...mountOptions(plan),
    ...plan.gpu.devices.flatMap((path) => ['--device', path]),
    ...['--workdir', plan.files.cwd],
    ...root,
    ...['/bin/sh', initPath],
  ];
}

/**
 * `--log-driver passthrough` gives the command the caller's own pipe. Two user numbers are enough: the one of the
 * command, which is this user outside, and 0 for the runtime, which is a number below this user's (subuid(5)).
 */
function podmanOptions({ engine, request, inside }: ContainerPlan): string[] {
  const map = (number: number): string[] => [`${number}:0:1`, '0:1:1'];
  const mapped = [
    ...map(inside.user).flatMap((range) => ['--uidmap', range]),
    ...map(inside.group).flatMap((range) => ['--gidmap', range]),
  ];
  const { files, folders } = maskedInProc(request);
  return [
    // said, because an administrator can change what is taken without a word: containers.conf(5)
    ...['--pid', 'private', '--uts', 'private'],
    ...[
      '--log-driver',
      'passthrough',
      '--read-only-tmpfs=false',
      '--no-hosts',
      '--passwd=false',
      '--env-host=false',
      '--unsetenv-all',
    ],
    ...['--http-proxy=false', '--systemd=false', '--sdnotify=ignore', '--security-opt', 'label=disable'],
    ...['--security-opt', `mask=${[...files, ...folders].join(':')}`],
    ...(engine.user === 'mapped' ? mapped : []),
  ];
}

/**
 * Engines would raise the limits of files and processes, which a container without CAP_SYS_RESOURCE cannot; so they
 * stay what this process has.
 */
function limitOptions({ engine, held }: ContainerPlan): string[] {
  const files = ownLimit('Max open files');
  const processes = Math.min(ownLimit('Max processes'), readNumber('/proc/sys/kernel/pid_max'));
  const { memoryBytes, cpus, processCount } = held;
  return [
    ...['--ulimit', `nofile=${files}:${files}`],
    ...(engine.name === 'podman' ? ['--ulimit', `nproc=${processes}:${processes}`] : []),
    ...(memoryBytes === undefined ? [] : ['--memory', `${memoryBytes}b`, '--memory-swap', `${memoryBytes}b`]),
    ...(cpus === undefined ? [] : ['--cpus', String(Math.min(cpus, availableParallelism()))]),
    ...(processCount === undefined ? [] : ['--pids-limit', String(processCount)]),
  ];
}

/** The first program and the end of its cord are counted with the command. */
export const initTasks = 2;

const fallbackLimit = 1024;

/** The hard limit of this process: proc_pid_limits(5). */
function ownLimit(name: string): number {
  const line = readFileSync('/proc/self/limits', 'utf8')
    .split('\n')
    .find((text) => text.startsWith(name));
  const hard = /\s(\d+|unlimited)\s+(\d+|unlimited)\s/.exec(line?.slice(name.length) ?? '')?.[2];
  return hard === 'unlimited' ? 1_048_576 : Number(hard ?? fallbackLimit);
}

function readNumber(path: string): number {
  return Number.parseInt(readFileSync(path, 'utf8'), 10);
}

function mountOptions({ engine, request, files, gpu, made, wayOut }: ContainerPlan): string[] {
  const own = [...etcFiles.map((name) => ({ source: join(made, name), path: `/etc/${name}` }))];
  const empty = ['/etc/hostname', ...(request.network === 'open' ? [] : ['/etc/resolv.conf'])];
  const resolver = request.network === 'open' ? [{ source: '/etc/resolv.conf', path: '/etc/resolv.conf' }] : [];
  const seen: Bind[] = [
    ...own,
    ...empty.map((path) => ({ source: join(made, 'empty'), path })),
    ...resolver,
    { source: join(made, 'init'), path: initPath },
    ...files.binds,
    ...gpu.folders.map((path) => ({ source: path, path })),
    ...files.bindsInProject,
    ...wayOut,
  ];
  const size = memoryFolderSize(request.limits);
  return [
    ...(gpu.folders.includes('/sys') ? [] : [...hidden('/sys', engine), ...hidden('/sys/fs/cgroup', engine)]),
    ...withSubmounts(seen).flatMap(({ source, path }) =>
      mount(['type=bind', `source=${source}`, `destination=${path}`, 'ro=true']),
    ),
    ...mount(['type=bind', `source=${files.staging}`, `destination=${files.project}`]),
    ...[...memoryFolders(request), '/dev/shm'].flatMap((path) => memory(path, size, engine)),
    ...files.hidden.flatMap((path) => hidden(path, engine)),
  ];
}

/** One mount, its fields as comma-separated values: a path may hold commas, quotes and line breaks (RFC 4180). */
function mount(fields: readonly string[]): string[] {
  const quoted = fields.map((field) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field));
  return ['--mount', quoted.join(',')];
}

/** Podman would copy what lies below into a tmpfs; docker lets nothing run in one that comes by `--mount`. */
function memory(path: string, size: number, engine: ContainerEngine): string[] {
  if (engine.name === 'podman') {
    return mount(['type=tmpfs', `destination=${path}`, `tmpfs-size=${size}`, 'tmpfs-mode=1777', 'notmpcopyup']);
  }
  if (/[:,]/.test(path)) throw new SandboxError('HF_SANDBOX_REQUEST', `docker has no way to mount on ${shown(path)}`);
  return ['--tmpfs', `${path}:rw,exec,nosuid,nodev,size=${size},mode=1777`];
}

/** An empty folder that cannot be written. */
function hidden(path: string, engine: ContainerEngine): string[] {
  const fields = ['type=tmpfs', `destination=${path}`, 'tmpfs-mode=0555', 'tmpfs-size=4096'];
  return mount(engine.name === 'podman' ? [...fields, 'notmpcopyup', 'ro=true'] : [...fields, 'readonly']);
}
