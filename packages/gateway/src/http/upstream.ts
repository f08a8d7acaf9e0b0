import { type Dispatcher, Pool } from 'undici';
import { GatewayError } from '../errors.ts';
import type { HttpBody } from '../protocols/inference.ts';
import { Breaker } from './breaker.ts';

export interface UpstreamLimits {
  /** Bytes of an answer. */
  readonly answer: number;
  /** Milliseconds until the whole answer is there; between two pieces of one that is streamed. */
  readonly timeMs: number;
  /** Requests at once. */
  readonly concurrency: number;
}

export interface UpstreamRequest {
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface UpstreamAnswer extends HttpBody {
  readonly status: number;
}

/** Takes an answer piece by piece. */
export interface AnswerStream {
  head(status: number, headers: Readonly<Record<string, string>>): void;
  /** Whether more may come at once; otherwise `resume` is called when it may. */
  piece(bytes: Buffer): boolean;
}

export interface Exchange {
  readonly done: Promise<void>;
  readonly resume: () => void;
  /** Ends it for the model server being late. */
  readonly abort: () => void;
  /** Ends it for a reason that says nothing of the model server. */
  readonly abandon: () => void;
}

const breakerLimits = { failures: 5, restMs: 2000 };

/** The model server of a route. Each request is sent once: whether it may be sent again is the caller's to say. */
export class Upstream {
  readonly #pool: Pool;
  readonly #base: string;
  readonly #limits: UpstreamLimits;
  readonly #breaker = new Breaker(breakerLimits);
  #running = 0;

  /** @param address `http://127.0.0.1:9000`, or with a path that goes before every other */
  constructor(address: string, limits: UpstreamLimits) {
    const { origin, pathname } = new URL(address);
    this.#base = pathname.replace(/\/$/, '');
    this.#limits = limits;
    this.#pool = new Pool(origin, {
      connections: limits.concurrency,
      pipelining: 1,
      connectTimeout: Math.min(limits.timeMs, 5000),
      headersTimeout: limits.timeMs,
      bodyTimeout: limits.timeMs,
      maxResponseSize: limits.answer,
      allowH2: false,
    });
  }

  /**
   * Sends a request and hands on the answer as it comes.
   * @param isStreamed whoever takes the answer has an eye on the time from one piece to the next
   * @throws GatewayError HF_GATEWAY_UPSTREAM, HF_GATEWAY_UPSTREAM_TIME, in `done`, too
   */
  stream(request: UpstreamRequest, into: AnswerStream, { isStreamed = false } = {}): Exchange {
    const wait = this.#breaker.wait(performance.now());
    if (wait > 0) throw unreachable(wait / 1000);
    if (this.#running >= this.#limits.concurrency) throw busy();
    this.#running += 1;
    const handler = new AnswerHandler(into);
    const { method, path, headers, body } = request;
    const sent = { method, path: this.#base + path, headers: headers as Record<string, string> };
    const times = isStreamed ? { headersTimeout: 0, bodyTimeout: 0 } : {};
    this.#pool.dispatch({ ...sent, ...times, ...(method === 'POST' ? { body } : {}) }, handler);
    const { resume, abort, abandon } = handler;
    return { done: this.#settled(handler), resume, abort, abandon };
  }

  /** The whole answer. */
  async exchange(request: UpstreamRequest): Promise<UpstreamAnswer> {
    const pieces: Uint8Array[] = [];
    let answered: Omit<UpstreamAnswer, 'body'> | undefined;
    const exchange = this.stream(request, {
      head: (status, headers) => {
        answered = { status, headers };
      },
      piece: (bytes) => {
        pieces.push(bytes);
        return true;
      },
    });
    const timer = setTimeout(exchange.abort, this.#limits.timeMs);
    try {
      await exchange.done;
    } finally {
      clearTimeout(timer);
    }
    if (answered === undefined) throw noAnswer();
    return { ...answered, body: pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces) };
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  async #settled(handler: AnswerHandler): Promise<void> {
    try {
      await handler.done;
      this.#breaker.succeeded();
    } catch (error) {
      if (handler.isAbandoned) this.#breaker.abandoned();
      else this.#breaker.failed(performance.now());
      throw failureOf(error);
    } finally {
      this.#running -= 1;
    }
  }
}

class AnswerHandler implements Dispatcher.DispatchHandler {
  readonly done: Promise<void>;
  /** The caller went away; that says nothing about the server. */
  isAbandoned = false;
  readonly #into: AnswerStream;
  readonly #resolve: () => void;
  readonly #reject: (error: unknown) => void;
  #controller: Dispatcher.DispatchController | undefined;

  constructor(into: AnswerStream) {
    this.#into = into;
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    this.done = promise;
    this.#resolve = () => {
      resolve(undefined);
    };
    this.#reject = reject;
  }

  readonly resume = (): void => {
    this.#controller?.resume();
  };

  readonly abort = (): void => {
    this.#controller?.abort(new OutOfTime());
    this.#reject(new OutOfTime());
  };

  readonly abandon = (): void => {
    this.isAbandoned = true;
    this.abort();
  };

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    if (status < 200) return;
    try {
      this.#into.head(status, singleHeaders(headers));
    } catch (error) {
      this.#refuse(controller, error);
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, piece: Buffer): void {
    try {
      if (!this.#into.piece(piece)) controller.pause();
    } catch (error) {
      this.#refuse(controller, error);
    }
  }

  onResponseEnd(): void {
    this.#resolve();
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#reject(error);
  }

  #refuse(controller: Dispatcher.DispatchController, error: unknown): void {
    this.#reject(error);
    controller.abort(error instanceof Error ? error : new Error(String(error)));
  }
}

class OutOfTime extends Error {}

/** A header that an answer has several times is joined where that is defined (RFC 9110 section 5.3), and dropped where not. */
function singleHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const single: Record<string, string> = {};
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (typeof value === 'string') single[name] = value;
  }
  return single;
}

const timeCodes: ReadonlySet<string> = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

function failureOf(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  const code = (error as { code?: string } | undefined)?.code ?? '';
  if (error instanceof OutOfTime || timeCodes.has(code)) {
    return new GatewayError('HF_GATEWAY_UPSTREAM_TIME', 'the model server did not answer in time', { cause: error });
  }
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
    return new GatewayError('HF_GATEWAY_UPSTREAM', 'the answer of the model server is too long', { cause: error });
  }
  return new GatewayError('HF_GATEWAY_UPSTREAM', 'the model server cannot be reached', { cause: error });
}

const noAnswer = (): GatewayError => new GatewayError('HF_GATEWAY_UPSTREAM', 'the model server gave no answer');
const busy = (): GatewayError =>
  new GatewayError('HF_GATEWAY_THROTTLED', 'the model server has as many requests as it takes', { retryAfter: 1 });
const unreachable = (retryAfter: number): GatewayError =>
  new GatewayError('HF_GATEWAY_UPSTREAM', 'the model server did not answer lately', { retryAfter });
