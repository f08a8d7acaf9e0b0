import { execFile } from 'node:child_process';
import { constants, openSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { PipelineError } from '../errors.ts';
import type { Order } from './channel.ts';
import { diskError } from './disk.ts';
import { commandEnvironment, makeScratch, removeScratch, type Scratch } from './environment.ts';
import type { Enforcement, IsolatedCommand, Isolation, IsolationRequest, Limits, RunAccount } from './isolation.ts';
import { runIdPattern } from './journal.ts';
import { RunLog, type RunLogRecord } from './log.ts';
import { hasProc } from './processes.ts';
import { Redactor, redacted } from './redaction.ts';
import { handOver, type Secret } from './secrets.ts';
import { type Outcome, type OutputPipe, Supervision } from './supervision.ts';
import type { ResourceTrace } from './trace.ts';

/** One command to run for real. */
export interface CommandRequest {
  /** Given to `/bin/sh -c`. */
  readonly command: string;
  /** Absolute working folder. */
  readonly cwd: string;
  /** Declared variables, added to the cleared environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Folders that programs are searched in before those of the system. */
  readonly searchFirst?: readonly string[];
  /** Handed to the command, and taken out of its log and of what `onOutput` gets. */
  readonly secrets?: readonly Secret[];
  /** Where the log goes; its folder is made. */
  readonly log: string;
  /** `[A-Za-z0-9][A-Za-z0-9._-]{0,63}`; every process of the run carries it as `HOLDFAST_RUN`. */
  readonly runId: string;
  readonly isolation: Isolation;
  /** The folder given to `prepareOutputs`: when this process dies, the supervisor restores the outputs. */
  readonly runFolder?: string;
  /** Absolute path of the project, and an empty folder of this run: what an isolation above `none` needs. */
  readonly project?: string;
  readonly staging?: string;
  readonly readable?: readonly string[];
  readonly writable?: readonly string[];
  /** Default: `open`. */
  readonly network?: IsolationRequest['network'];
  /** Default: `open`. */
  readonly gpu?: IsolationRequest['gpu'];
  readonly limits?: Limits;
  readonly timeoutMs?: number;
  /** Time between TERM and KILL. Default 5,000. */
  readonly graceMs?: number;
  /** Default 64 MiB, then the log is cut short. With `exceed: 'stop'` the command is ended instead. */
  readonly logLimit?: { readonly bytes: number; readonly exceed: 'truncate' | 'stop' };
  /** Gets the output as it comes, without secrets; show it through `sanitiseForTerminal` only. */
  readonly onOutput?: (chunk: Uint8Array) => void;
  readonly signal?: AbortSignal;
}

export interface CommandResult {
  /** `null` when a signal ended it. */
  readonly exitCode: number | null;
  /** `SIGKILL`, …; `null` when it exited. */
  readonly signal: string | null;
  /** ISO 8601 with milliseconds. */
  readonly startedOn: string;
  readonly finishedOn: string;
  readonly log: RunLogRecord;
  readonly trace: ResourceTrace;
  readonly enforcement: Enforcement;
  /** What the isolation saw of it. */
  readonly account: RunAccount;
  /** Processes that outlived the command and were killed; `null` where the platform cannot count them. */
  readonly leftBehind: number | null;
  /**
   * Why the runner ended the command: HF_RUN_TIMEOUT, HF_RUN_INTERRUPTED, HF_RUN_LOG_LIMIT, HF_RUN_DISK_FULL.
   * A command that ended by itself, well or badly, has none. It is not thrown, so that log and trace are not lost.
   */
  readonly failure?: PipelineError;
}

/**
 * Runs one command for real and waits until it and everything it started has ended.
 *
 * The command runs by `/bin/sh -c` in a session of its own, with a cleared environment (`PATH`, `HOME`, `TMPDIR`,
 * `LANG`, `TZ`, `HOLDFAST_RUN` and what is declared), an empty home and empty standard input. A supervisor process
 * stands between: if this process dies, even by KILL, it ends every process of the run and restores the outputs of
 * `runFolder`. What escapes without an isolation: a process that leaves the session, clears its environment and
 * loses its parent between two samples.
 *
 * @throws PipelineError HF_RUN_SPAWN, HF_RUN_INTERRUPTED (before it began), HF_RUN_DISK_FULL (log cannot be made),
 *   HF_CONFIG_INVALID (environment). Everything later is `failure` of the result.
 *
 * @example
 * ```ts
 * import { noIsolation, runCommand } from '@holdfast/pipeline/execution/index';
 * const result = await runCommand({
 *   command: 'python train.py', cwd: process.cwd(), environment: { SEED: '7' }, runId: 'r1',
 *   log: '.holdfast/logs/r1.log', isolation: noIsolation,
 * });
 * if (result.failure) throw result.failure;
 * ```
 */
export async function runCommand(request: CommandRequest): Promise<CommandResult> {
  requireSound(request);
  const scratch = makeScratch(request.runId);
  try {
    const handover = handOver(request.secrets ?? [], scratch.folder);
    const declared = { ...request.environment, ...handover.environment };
    const environment = commandEnvironment(declared, request.runId, scratch, request.searchFirst);
    const asked = isolationRequest(request, environment, scratch.folder);
    const isolated = await request.isolation.wrap({ ...asked, secretFiles: handover.files });
    try {
      return await new Execution(request, orderOf(request, isolated)).run(isolated, scratch);
    } finally {
      await isolated.release?.();
    }
  } finally {
    await removeScratch(request.runId);
  }
}

/** One call of {@link runCommand}: the supervisor on one side, the log on the other. */
class Execution {
  readonly #request: CommandRequest;
  readonly #order: Order;
  readonly #log: RunLog;
  readonly #redactor: Redactor;
  readonly #began = { on: Date.now(), at: performance.now() };
  #supervision: Supervision | undefined;
  #failure: PipelineError | undefined;
  /** What `onOutput` threw: the caller's own, given back to it. */
  #thrown: { readonly error: unknown } | undefined;

  constructor(request: CommandRequest, order: Order) {
    this.#request = request;
    this.#order = order;
    this.#redactor = new Redactor(request.secrets ?? []);
    this.#log = new RunLog(request.log, request.logLimit?.bytes);
  }

  async run(isolated: IsolatedCommand, scratch: Scratch): Promise<CommandResult> {
    const onAbort = (): void => this.#supervision?.stop('interrupted');
    let outcome: Outcome | undefined;
    let closed: ReturnType<RunLog['close']> | undefined;
    try {
      const pipe = await makePipe(join(scratch.folder, 'output'));
      this.#supervision = new Supervision(this.#order, pipe, (chunk) => {
        this.#onOutput(this.#redactor.write(chunk));
      });
      this.#request.signal?.addEventListener('abort', onAbort);
      if (this.#request.signal?.aborted === true) onAbort();
      outcome = await this.#supervision.outcome();
    } finally {
      this.#request.signal?.removeEventListener('abort', onAbort);
      this.#onOutput(this.#redactor.end());
      closed = this.#log.close();
    }
    if (this.#thrown !== undefined) throw this.#thrown.error;
    const failure = this.#failure ?? closed.failure ?? this.#failureOf(outcome);
    const seen = { enforcement: isolated.enforcement, account: isolated.account?.() ?? {} };
    const result = { ...this.#measured(outcome), log: closed.record, ...seen };
    return failure === undefined ? result : { ...result, failure };
  }

  #onOutput(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    try {
      if (this.#failure === undefined) this.#log.write(chunk);
    } catch (error) {
      this.#failure = diskError(error, this.#request.log, 'HF_RUN_SPAWN');
      this.#supervision?.stop('disk-full');
    }
    if (this.#log.truncated && this.#request.logLimit?.exceed === 'stop') this.#stopForLog();
    try {
      if (this.#thrown === undefined) this.#request.onOutput?.(chunk);
    } catch (error) {
      this.#thrown = { error };
      this.#supervision?.stop('interrupted');
    }
  }

  #stopForLog(): void {
    if (this.#failure !== undefined) return;
    const bytes = this.#request.logLimit?.bytes ?? 0;
    const message = `the command wrote more than \`${bytes}\` bytes of output`;
    this.#failure = new PipelineError('HF_RUN_LOG_LIMIT', message, { where: this.#request.log });
    this.#supervision?.stop('log-limit');
  }

  #failureOf(outcome: Outcome): PipelineError | undefined {
    const { runId, timeoutMs, secrets = [] } = this.#request;
    if (outcome.ended === null) {
      const complaint = redacted(this.#supervision?.complaint ?? '', secrets);
      const message = `the supervisor of the run \`${runId}\` died${complaint === '' ? '' : `: ${complaint}`}`;
      return new PipelineError('HF_RUN_INTERRUPTED', message);
    }
    if (outcome.ended.stopped === 'timeout') {
      return new PipelineError('HF_RUN_TIMEOUT', `the command ran longer than \`${timeoutMs ?? 0}\` ms and was ended`);
    }
    if (outcome.ended.stopped !== null) {
      return new PipelineError('HF_RUN_INTERRUPTED', `the run \`${runId}\` was interrupted`);
    }
    if (outcome.ended.clean) return undefined;
    const message = `processes of the run \`${runId}\` could not be killed`;
    return new PipelineError('HF_RUN_RECOVERY', message, { fix: `end the processes that carry HOLDFAST_RUN=${runId}` });
  }

  #measured(outcome: Outcome): Omit<CommandResult, 'log' | 'enforcement' | 'account' | 'failure'> {
    const logBytes = this.#log.offered;
    if (outcome.ended !== null) {
      const { exitCode, signal, startedOn, finishedOn, leftBehind, trace } = outcome.ended;
      return { exitCode, signal, startedOn, finishedOn, leftBehind, trace: { ...trace, logBytes } };
    }
    const wallMs = Math.round(performance.now() - this.#began.at);
    const startedOn = new Date(this.#began.on).toISOString();
    const finishedOn = new Date(this.#began.on + wallMs).toISOString();
    const trace: ResourceTrace = { wallMs, logBytes, samples: [] };
    return { exitCode: null, signal: null, startedOn, finishedOn, leftBehind: hasProc ? outcome.killed : null, trace };
  }
}

function requireSound(request: CommandRequest): void {
  const { runId, cwd, signal } = request;
  if (!runIdPattern.test(runId)) throw new PipelineError('HF_RUN_SPAWN', `\`${runId.slice(0, 80)}\` is no run id`);
  if (!isAbsolute(cwd)) throw new PipelineError('HF_RUN_SPAWN', `the working folder \`${cwd}\` is not absolute`);
  if (signal?.aborted === true) throw new PipelineError('HF_RUN_INTERRUPTED', `the run \`${runId}\` was interrupted`);
}

function isolationRequest(
  request: CommandRequest,
  environment: Readonly<Record<string, string>>,
  temporary: string,
): IsolationRequest {
  const { runId, cwd, readable = [], writable = [], network = 'open', gpu = 'open', limits = {} } = request;
  const places = {
    ...(request.project === undefined ? {} : { project: request.project }),
    ...(request.staging === undefined ? {} : { staging: request.staging }),
  };
  const argv: IsolationRequest['argv'] = ['/bin/sh', '-c', request.command];
  return { runId, argv, environment, cwd, temporary, ...places, readable, writable, network, gpu, limits };
}

function orderOf(request: CommandRequest, isolated: IsolatedCommand): Order {
  const { argv, environment, cwd, descriptors = [] } = isolated;
  return {
    runId: request.runId,
    parent: process.pid,
    argv,
    environment,
    cwd,
    descriptors,
    runFolder: request.runFolder === undefined ? null : resolve(request.runFolder),
    timeoutMs: request.timeoutMs ?? null,
    graceMs: request.graceMs ?? 5000,
  };
}

/**
 * A named pipe. The pipes of `child_process` are sockets, and a socket cannot be opened again as `/dev/stderr`,
 * which shell scripts do.
 */
async function makePipe(path: string): Promise<OutputPipe> {
  try {
    await promisify(execFile)('mkfifo', ['-m', '600', path]);
    // without O_NONBLOCK the reader would wait for a writer; with one there, the writer does not wait
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    return { reader, writer: openSync(path, constants.O_WRONLY) };
  } catch (error) {
    throw diskError(error, path, 'HF_RUN_SPAWN');
  }
}
