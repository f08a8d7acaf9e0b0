/** How far a run is kept apart from the machine, weakest first. */
export type IsolationLevel = 'none' | 'sandbox' | 'container' | 'vm';

/** What an isolation can confine. */
export type Confinement =
  | 'network'
  | 'files'
  | 'processes'
  | 'privileges'
  | 'system-calls'
  | 'memory'
  | 'cpus'
  | 'process-count'
  | 'open-files'
  | 'output-size'
  | 'gpu';

/** Quotas that a stage asks for; absent means none was asked for. */
export interface Limits {
  readonly memoryBytes?: number;
  /** Cores, may be fractional. */
  readonly cpus?: number;
  readonly processCount?: number;
  readonly openFiles?: number;
  /** Bytes of one output file while the command runs, and of all of them when they are adopted. */
  readonly outputBytes?: number;
}

/** What the runner wants to start, before an isolation wraps it. */
export interface IsolationRequest {
  readonly runId: string;
  /** Program and arguments, `['/bin/sh', '-c', command]`. */
  readonly argv: readonly [string, ...string[]];
  /** The whole environment, `HOLDFAST_RUN` among it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Absolute path. */
  readonly cwd: string;
  /** Empty folder of this run, its `HOME` and `TMPDIR` lie in it; deleted afterwards. */
  readonly temporary: string;
  /** Absolute path of the project, above `cwd`. An isolation of level `none` does not need it. */
  readonly project?: string;
  /**
   * Empty folder of this run, on the file system of the project: what the command writes into the project lands
   * here, and `adoptOutputs` takes it from here. Other users MUST NOT be able to enter its parent (mode 0700).
   */
  readonly staging?: string;
  /** Absolute paths that the command may read, when the stage declares them. */
  readonly readable: readonly string[];
  /** Absolute paths that the command may create or change. */
  readonly writable: readonly string[];
  /** Absolute paths of files below `temporary` that hold secrets: to be shown read-only where they are. */
  readonly secretFiles?: readonly string[];
  /** `none`, everything the machine reaches, or the only hosts that may be reached: `pypi.example`, `mirror.example:8080`. */
  readonly network: 'none' | 'open' | readonly string[];
  /**
   * Which accelerators may be used: none, whatever this machine has (perhaps nothing), all of at least one, or the
   * first so many. An isolation that cannot show what was asked for MUST throw.
   */
  readonly gpu: 'none' | 'open' | 'all' | number;
  readonly limits: Limits;
}

/** One accelerator that a run could use; what its driver does not tell is absent. */
export interface Accelerator {
  readonly vendor: 'nvidia' | 'amd';
  /** `NVIDIA H100 80GB HBM3`; for AMD the product, else the name of its architecture: `gfx90a`. */
  readonly model?: string;
  /** Version of the kernel driver, or `linux` with the version of the kernel that it is a part of. */
  readonly driver?: string;
  /** As the vendor writes it: `GPU-e953c3c5-dba7-029e-ce44-7b51417131df`, `GPU-1a2b3c4d5e6f7081`. */
  readonly uuid?: string;
  /** Of its device: 0 for `/dev/nvidia0`, 128 for `/dev/dri/renderD128`. */
  readonly minor: number;
}

/** What told a virtual machine apart from this one. */
export interface Kernels {
  /** Release of the kernel of this machine, and of the one that the command runs on. */
  readonly host: string;
  readonly guest: string;
}

/** What was enforced; goes into the provenance as it is. */
export interface Enforcement {
  readonly level: IsolationLevel;
  /** Name and version of the mechanism: `none`, `bubblewrap 0.8.0`. */
  readonly mechanism: string;
  /** Each thing that was confined, and how: `{ network: 'none', memory: '4294967296' }`. */
  readonly enforced: Readonly<Partial<Record<Confinement, string>>>;
  /** What the stage asked for and did not get. */
  readonly notEnforced: readonly Confinement[];
  /** Those that were open to the command, when it could use any. */
  readonly accelerators?: readonly Accelerator[];
  /** For level `vm`. */
  readonly kernels?: Kernels;
}

/** One host that a run talked to through the egress proxy. */
export interface EgressPeer {
  readonly host: string;
  readonly port: number;
  /** Addresses that were connected to. */
  readonly addresses: readonly string[];
  readonly connections: number;
  /** Bytes from the run to the peer, and back; TLS included. */
  readonly sentBytes: number;
  readonly receivedBytes: number;
}

/** What a run tried to reach and did not: because it is not allowed, or because nothing answered there. */
export interface EgressRefusal {
  /** As it was asked for, bounded, without path and password; in parentheses where nothing was asked for. */
  readonly target: string;
  readonly reason: string;
  readonly count: number;
}

/** What was seen of a run from outside; goes into the provenance as it is. */
export interface RunAccount {
  readonly network?: { readonly peers: readonly EgressPeer[]; readonly refused: readonly EgressRefusal[] };
}

/** What is started instead of the request. */
export interface IsolatedCommand {
  readonly argv: readonly [string, ...string[]];
  /** Must still carry `HOLDFAST_RUN`: leftovers are found by it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd: string;
  /**
   * Files to open for reading at given descriptors (3 to 9), such as a seccomp program for `--seccomp 3`. Every other
   * descriptor above 2 MUST be closed: one that is not is open for the command, past every confinement of files.
   */
  readonly descriptors?: readonly { readonly descriptor: number; readonly path: string }[];
  readonly enforcement: Enforcement;
  /** What was seen of the run from outside; asked for once, after the last process has ended and before `release`. */
  account?(): RunAccount;
  /** Called once after the last process has ended. */
  release?(): Promise<void> | void;
}

/**
 * The seam between the runner and whatever confines a run.
 *
 * The runner asks for an argv, environment and working folder to start instead of its own, and for an account of
 * what they enforce. An isolation that cannot give what its level promises MUST throw, never weaken silently.
 */
export interface Isolation {
  readonly level: IsolationLevel;
  wrap(request: IsolationRequest): Promise<IsolatedCommand> | IsolatedCommand;
}
