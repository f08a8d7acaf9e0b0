import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ModelBytes } from '../admission/admission.ts';
import { GatewayError } from '../errors.ts';
import type { ModelServer } from '../http/model-server.ts';
import {
  type AnswerStream,
  type Exchange,
  Upstream,
  type UpstreamAnswer,
  type UpstreamLimits,
  type UpstreamRequest,
} from '../http/upstream.ts';
import { answers, freePort } from './await-server.ts';
import { copyModel, removeCopy } from './copy-model.ts';
import { type StartedProcess, startGuarded } from './guarded-process.ts';
import { ownsPort } from './processes.ts';

export interface LaunchOrder {
  /** `{port}` and `{model}` stand for what is put in. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly readyPath: string;
  readonly startMs: number;
  /** Of this server alone; made when it starts, gone when it is stopped. */
  readonly folder: string;
  readonly limits: UpstreamLimits;
  /** One that is free, when left out. */
  readonly port?: () => Promise<number>;
  /** What confines the server, before its command, given where its model and its home lie. */
  readonly confine: (places: { readonly model: string; readonly home: string }) => readonly string[];
}

export interface LaunchEvents {
  /** What is known of it is another: it serves a model for the first time, or cannot be launched. */
  changed(): void;
  /** It began to answer, for the first time or again. */
  up(): void;
  /** For whoever runs the gateway. */
  said(line: string): void;
}

/** Milliseconds until it is started again: twice as long each time, until it has run for `steadyMs`. */
const backOff = { least: 250, most: 30_000, steadyMs: 30_000 };

interface Running {
  readonly process: StartedProcess;
  readonly upstream: Upstream;
}

/**
 * A model server that is started here, on a copy of the bytes that were admitted, and started again when it dies. It answers only
 * while it is known that what listens on its port is what was started.
 */
export class LaunchedServer implements ModelServer {
  readonly #order: LaunchOrder;
  readonly #events: LaunchEvents;
  #wanted: string | undefined;
  #running: Running | undefined;
  #failure: string | undefined;
  #stopping = new AbortController();
  #work: Promise<void> = Promise.resolve();

  constructor(order: LaunchOrder, events: LaunchEvents) {
    this.#order = order;
    this.#events = events;
  }

  /** Of the model whose server answers, or answered and is started again. */
  serves: string | undefined;

  /** Why the model that is wanted cannot be launched. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Whether it answers now. */
  get isUp(): boolean {
    return this.#running !== undefined;
  }

  /** Launches a model in the place of what runs; undefined: stops. What is wanted already stays as it is. */
  want(artifact: string | undefined, bytes?: ModelBytes): void {
    if (artifact === this.#wanted) return;
    this.#wanted = artifact;
    this.#failure = undefined;
    this.serves = undefined;
    this.#running = undefined;
    this.#stopping.abort();
    this.#stopping = new AbortController();
    const { signal } = this.#stopping;
    if (artifact === undefined || bytes === undefined) return;
    this.#work = this.#work.then(async () => this.#keepUp(artifact, bytes, signal));
  }

  stream(request: UpstreamRequest, into: AnswerStream): Exchange {
    return this.#upstream().stream(request, into);
  }

  async exchange(request: UpstreamRequest): Promise<UpstreamAnswer> {
    return this.#upstream().exchange(request);
  }

  async close(): Promise<void> {
    this.want(undefined);
    await this.#work;
  }

  #upstream(): Upstream {
    if (this.#running !== undefined) return this.#running.upstream;
    throw new GatewayError('HF_GATEWAY_UPSTREAM', 'the model server is being started', { retryAfter: 1 });
  }

  /** Until it is stopped; then nothing of it is left. */
  async #keepUp(artifact: string, bytes: ModelBytes, signal: AbortSignal): Promise<void> {
    for (let waitMs = backOff.least; !signal.aborted; ) {
      const began = performance.now();
      await this.#runOnce({ artifact, bytes, signal });
      waitMs = performance.now() - began > backOff.steadyMs ? backOff.least : Math.min(waitMs * 2, backOff.most);
      await aborted(signal, waitMs);
    }
    await removeCopy(this.#order.folder).catch((error: unknown) => {
      this.#events.said(`a copy of the model stays behind: ${String(error)}`);
    });
  }

  /** Starts it, and waits for its end. */
  async #runOnce({ artifact, bytes, signal }: Run): Promise<void> {
    let started: StartedProcess | undefined;
    let upstream: Upstream | undefined;
    try {
      await removeCopy(this.#order.folder);
      const model = await copyModel(bytes, join(this.#order.folder, 'model'));
      const port = await (this.#order.port ?? freePort)();
      started = await this.#start(model, port);
      if (!(await this.#isReady(started, port, signal))) return;
      upstream = new Upstream(`http://127.0.0.1:${port}`, this.#order.limits);
      this.#running = { process: started, upstream };
      this.#failure = undefined;
      const isFirst = this.serves !== artifact;
      this.serves = artifact;
      this.#events.up();
      if (isFirst) this.#events.changed();
      await Promise.race([started.ended, aborted(signal)]);
      if (!signal.aborted) this.#events.said(`the model server ended, and is started again: ${started.said()}`);
    } catch (error) {
      this.#fail(error, signal);
    } finally {
      if (this.#running?.process === started) this.#running = undefined;
      await started?.stop();
      await upstream?.close();
    }
  }

  async #start(model: string, port: number): Promise<StartedProcess> {
    const { command, environment, folder } = this.#order;
    const home = join(folder, 'home');
    await mkdir(home, { recursive: true, mode: 0o700 });
    const filled = (text: string): string => text.replaceAll('{port}', String(port)).replaceAll('{model}', model);
    const declared = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, filled(value)]));
    return startGuarded({
      confined: this.#order.confine({ model, home }),
      command: command.map(filled),
      environment: { ...allowed(home), ...declared },
      folder: home,
    });
  }

  async #isReady(started: StartedProcess, port: number, signal: AbortSignal): Promise<boolean> {
    const until = performance.now() + this.#order.startMs;
    const died = new AbortController();
    void started.ended.then(() => {
      died.abort();
    });
    const isUp = await answers({ port, path: this.#order.readyPath }, until, AbortSignal.any([signal, died.signal]));
    if (signal.aborted) return false;
    if (!isUp) {
      throw new Error(`${died.signal.aborted ? 'it ended' : 'it did not answer in time'}: ${started.said()}`);
    }
    if (await ownsPort(started.pid, port)) return true;
    throw new Error('something else listens on its port');
  }

  /** What was launched before goes on counting: only nobody answers until it is up again. */
  #fail(error: unknown, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.#failure = error instanceof Error ? error.message : String(error);
    this.#events.said(`the model server cannot be started: ${this.#failure}`);
    if (this.serves === undefined) this.#events.changed();
  }
}

interface Run {
  readonly artifact: string;
  readonly bytes: ModelBytes;
  readonly signal: AbortSignal;
}

/** Nothing of this process's own environment: it may hold secrets. */
const allowed = (home: string): Record<string, string> => ({
  PATH: [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(':'),
  HOME: home,
  TMPDIR: home,
  LANG: 'C.UTF-8',
  TZ: 'UTC',
});

/** Ends when it is aborted, or after so long. */
async function aborted(signal: AbortSignal, afterMs?: number): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const timer = afterMs === undefined ? undefined : setTimeout(done, afterMs);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}
