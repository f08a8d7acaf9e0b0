import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';

/** A limit that control groups hold for a whole container. */
export type HeldLimit = 'memory' | 'cpus' | 'process-count';

/** A program that starts containers, as it was found on this machine. */
export interface ContainerEngine {
  readonly name: 'podman' | 'docker';
  /** Absolute path. */
  readonly program: string;
  /** `4.3.1`. */
  readonly version: string;
  /** OCI runtime that is asked for: a name or an absolute path. Without one the engine takes its own choice. */
  readonly runtime?: string;
  /** What the engine says of its runtime: `runc 1.1.5`. */
  readonly runtimeVersion: string;
  /**
   * Who a command is for the kernel: `mapped`, this user by another number in a user namespace of its own; `own`, this
   * user, without one.
   */
  readonly user: 'mapped' | 'own';
}

/** An engine and a runtime to try. */
export interface EngineCandidate {
  readonly name: ContainerEngine['name'];
  readonly program: string;
  readonly runtime?: string;
}

/** Where engines and runtimes are looked for: what a user put on the `PATH` is not among it. */
export const engineFolders = ['/usr/bin', '/usr/local/bin', '/bin', '/usr/sbin', '/usr/local/sbin'];

const engineNames = ['podman', 'docker'] as const;

/** Runtimes of level `container` that are tried when the engine's own choice does not work here. */
const ordinaryRuntimes = ['crun', 'runc'];

export interface CandidateOptions {
  /** `podman`, `docker`, or the absolute path of one of them; default: all that are there, podman first. */
  readonly engine?: string;
  /** Name or absolute path of an OCI runtime; default: the engine's own choice, then `crun` and `runc`. */
  readonly runtime?: string;
}

/** The engines of this machine with each runtime that is to be tried. */
export function engineCandidates({ engine, runtime }: CandidateOptions): EngineCandidate[] {
  return findEngines(engine).flatMap(({ name, program }) => {
    if (runtime !== undefined) return [{ name, program, runtime }];
    const others = name === 'podman' ? ordinaryRuntimes.filter((other) => findProgram(other) !== undefined) : [];
    return [{ name, program }, ...others.map((other) => ({ name, program, runtime: other }))];
  });
}

function findEngines(wanted: string | undefined): { name: ContainerEngine['name']; program: string }[] {
  return engineNames.flatMap((name) => {
    if (wanted?.startsWith('/') === true) {
      return wanted.endsWith(`/${name}`) && existsSync(wanted) ? [{ name, program: wanted }] : [];
    }
    const program = wanted === undefined || wanted === name ? findProgram(name) : undefined;
    return program === undefined ? [] : [{ name, program }];
  });
}

/** The absolute path of a program of {@link engineFolders}. */
export function findProgram(name: string): string | undefined {
  return engineFolders.map((folder) => `${folder}/${name}`).find((path) => existsSync(path));
}

/** What an engine may see of this process's environment: where it keeps its state, and which local service it asks. */
const passedOn = [
  ...['HOME', 'USER', 'LOGNAME', 'XDG_RUNTIME_DIR', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'DBUS_SESSION_BUS_ADDRESS'],
  ...['CONTAINERS_CONF', 'CONTAINERS_STORAGE_CONF'],
];

/**
 * The environment of an engine. An engine on another machine is not asked (`CONTAINER_HOST`, `DOCKER_HOST` with `tcp`
 * or `ssh`): it would not have the files. Settings of the Docker client would add variables to every container, so it
 * is sent to a folder without any.
 */
export function engineEnvironment(name: ContainerEngine['name']): Record<string, string> {
  const kept = passedOn.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const host = process.env['DOCKER_HOST'];
  return {
    ...Object.fromEntries(kept),
    ...(name === 'docker' ? { DOCKER_CONFIG: '/usr' } : {}),
    ...(name === 'docker' && host?.startsWith('unix://') === true ? { DOCKER_HOST: host } : {}),
    PATH: [...engineFolders].reverse().join(':'),
  };
}

export interface EngineAnswer {
  /** `null` when it was killed or could not be started. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Asks an engine something, for at most a minute and 4 MiB. */
export function askEngine(engine: EngineCandidate, options: readonly string[]): Promise<EngineAnswer> {
  const limits = { cwd: '/', timeout: 60_000, maxBuffer: 4 << 20, killSignal: 'SIGKILL' } as const;
  return new Promise((resolve) => {
    const answered = { ...limits, encoding: 'utf8', env: engineEnvironment(engine.name) } as const;
    const child = execFile(engine.program, options, answered, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : child.exitCode, stdout, stderr });
    });
  });
}
