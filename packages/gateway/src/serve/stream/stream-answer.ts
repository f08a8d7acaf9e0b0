import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { GatewayError, type GatewayErrorCode } from '../../errors.ts';
import { isLastRequest } from '../../http/last-request.ts';
import type { ModelServer } from '../../http/model-server.ts';
import { headersToCaller } from '../../http/passed-headers.ts';
import { asGatewayError, problemOf } from '../../http/problem.ts';
import { allowReading } from '../../http/slow-readers.ts';
import type { AnswerStream, Exchange, UpstreamAnswer, UpstreamRequest } from '../../http/upstream.ts';
import type { StreamEntry } from '../../log/entry.ts';
import { mediaType } from '../../protocols/media-type.ts';
import type { Chain } from '../chain.ts';
import type { Route } from '../route.ts';
import { Frames, tokensUsed } from './frames.ts';
import { type Ticking, tickWhile } from './stream-clock.ts';
import { defaultStreamLimits, type StreamLimits } from './stream-limits.ts';

/** A request whose answer is to come piece by piece. */
export interface StreamedRequest {
  readonly id: string;
  readonly events: Chain['events'];
  readonly route: Route;
  /** The model server that is asked. */
  readonly upstream: ModelServer;
  readonly request: UpstreamRequest;
  readonly response: ServerResponse;
  /** @throws GatewayError where the model is not admitted any more, or the policy does not let the caller ask it any more */
  requireStill(): void;
  /** Rejects, or throws, where what the caller showed does not count any more. */
  requireCaller(): unknown;
  /** Ends once the log has it. @param answer SHA-256 of all that was sent, in hex */
  log(told: { readonly status: number; readonly stream: StreamEntry; readonly answer: string }): Promise<void>;
  /** Is told once it has ended. */
  answered(status: number, code?: GatewayErrorCode): void;
  /** What the log is told of the end. */
  readonly said: string[];
}

/** How often it is asked whether the caller is still known. */
const callerEveryMs = 500;

/**
 * Passes an answer on frame by frame, as it comes and as fast as the caller takes it. The log has a line before its first byte, and
 * another before its last: `whole` when the model server has said everything, `cut` otherwise; one that is cut ends with an error event
 * and without the end that HTTP has for a whole one.
 *
 * @returns the answer of a model server that streams nothing because it refuses; undefined when the caller has been answered
 * @throws GatewayError for what went wrong before anything was sent
 */
export function streamAnswer(streamed: StreamedRequest): Promise<UpstreamAnswer | undefined> {
  return new RunningStream(streamed).run();
}

class RunningStream implements AnswerStream, Ticking {
  readonly #streamed: StreamedRequest;
  readonly #limits: StreamLimits;
  readonly #frames: Frames;
  readonly #digest = createHash('sha256');
  readonly #began = performance.now();
  #exchange: Exchange | undefined;
  #status = 0;
  #bytes = 0;
  #frameAt = this.#began;
  #callerAt = this.#began;
  #isFull = false;
  /** What the model server answers instead of a stream. */
  #refusal: { readonly headers: Readonly<Record<string, string>>; readonly pieces: Buffer[] } | undefined;
  /** Frames that came before the log had the first line. */
  #early: Buffer[] | undefined = [];
  #begun: Promise<void> | undefined;
  #opening: Promise<void> | undefined;
  #failure: GatewayError | undefined;
  #isGone = false;
  #hasEnded = false;

  constructor(streamed: StreamedRequest) {
    this.#streamed = streamed;
    this.#limits = streamed.route.stream ?? defaultStreamLimits;
    this.#frames = new Frames(this.#limits);
  }

  async run(): Promise<UpstreamAnswer | undefined> {
    const { upstream: server, request, response } = this.#streamed;
    this.#exchange = server.stream(request, this, { isStreamed: true });
    const settled = tickWhile(this);
    // While the model server is at it: its first frame does not wait for this.
    this.#begun = this.#streamed.log({ status: 0, stream: { state: 'begun' }, answer: '' });
    this.#begun.catch(() => undefined);
    response.on('close', this.#closed);
    response.on('drain', this.#drained);
    try {
      await this.#exchange.done;
    } catch (error) {
      this.#failure ??= asGatewayError(error);
    }
    await this.#opening;
    settled();
    this.#hasEnded = true;
    if (response.headersSent) return this.#finish();
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#refusal === undefined) throw upstream('the model server gave no answer');
    const { headers, pieces } = this.#refusal;
    return { status: this.#status, headers, body: Buffer.concat(pieces) };
  }

  head(status: number, headers: Readonly<Record<string, string>>): void {
    this.#status = status;
    if (status < 200 || status > 299) {
      this.#refusal = { headers, pieces: [] };
      return;
    }
    if (mediaType(headers) !== 'text/event-stream')
      throw upstream('the model server does not stream what it was asked to');
    const coding = headers['content-encoding'] ?? 'identity';
    if (coding !== 'identity') throw upstream('the model server compresses what nobody asked it to');
    this.#opening = this.#open(headers).catch((error: unknown) => {
      this.#cut(asGatewayError(error));
    });
  }

  piece(bytes: Buffer): boolean {
    if (this.#refusal !== undefined) {
      this.#refusal.pieces.push(bytes);
      return true;
    }
    const frames = this.#frames.take(bytes);
    if (frames === undefined) return true;
    this.#frameAt = performance.now();
    if (this.#early === undefined) return this.#send(frames);
    this.#early.push(frames);
    return false;
  }

  tick(now: number): void {
    if (this.#failure !== undefined) return;
    try {
      this.#streamed.requireStill();
    } catch (error) {
      this.#cut(asGatewayError(error));
      return;
    }
    const { betweenMs, totalMs } = this.#limits;
    if (now - this.#began > totalMs) this.#late('the answer takes longer than it may');
    else if (!this.#isFull && now - this.#frameAt > betweenMs) this.#late('the model server did not go on in time');
    if (now - this.#callerAt > callerEveryMs) void this.#askCaller(now);
  }

  /** The first line of the log, then the head, then what has come meanwhile. */
  async #open(headers: Readonly<Record<string, string>>): Promise<void> {
    const { response, id } = this.#streamed;
    await this.#begun;
    this.#streamed.requireStill();
    if (this.#failure !== undefined) return;
    const own = { 'cache-control': 'no-store', 'x-holdfast-request': id };
    response.writeHead(this.#status, { ...headersToCaller(headers), ...own });
    response.flushHeaders();
    allowReading(response, this.#streamed.route.readMs);
    const early = this.#early ?? [];
    this.#early = undefined;
    if (early.length === 0 || this.#send(Buffer.concat(early))) this.#exchange?.resume();
  }

  #send(frames: Buffer): boolean {
    this.#digest.update(frames);
    this.#bytes += frames.length;
    this.#isFull = !this.#streamed.response.write(frames);
    return !this.#isFull;
  }

  readonly #drained = (): void => {
    this.#isFull = false;
    this.#frameAt = performance.now();
    this.#exchange?.resume();
  };

  readonly #closed = (): void => {
    if (this.#hasEnded) return;
    this.#isGone = true;
    this.#cut(new GatewayError('HF_GATEWAY_TOO_SLOW', 'the caller did not take the whole answer'));
  };

  async #askCaller(now: number): Promise<void> {
    this.#callerAt = now;
    try {
      await this.#streamed.requireCaller();
    } catch (error) {
      this.#cut(asGatewayError(error));
    }
  }

  /** Ends it for a reason that is not the model server's. */
  #cut(failure: GatewayError): void {
    this.#failure ??= failure;
    this.#exchange?.abandon();
  }

  #late(message: string): void {
    this.#failure ??= new GatewayError('HF_GATEWAY_UPSTREAM_TIME', message);
    this.#exchange?.abort();
  }

  async #finish(): Promise<undefined> {
    const { response, events, id } = this.#streamed;
    if (this.#failure === undefined && (!this.#frames.isDone || this.#frames.isBroken)) {
      this.#failure = upstream('the model server ended its answer before it was whole');
    }
    if (this.#failure === undefined) {
      try {
        await this.#ended('whole');
        response.end();
      } catch (error) {
        this.#failure = asGatewayError(error);
      }
    }
    const failure = this.#failure;
    if (failure !== undefined) {
      if (failure.code === 'HF_GATEWAY_INTERNAL') events.failed?.(failure.cause, id);
      await this.#end(failure);
    }
    this.#streamed.answered(this.#status, failure?.code);
    return undefined;
  }

  /** Says that it is cut, here and to the caller. */
  async #end(failure: GatewayError): Promise<void> {
    const { response, said, events, id } = this.#streamed;
    const event = errorEvent(failure, id);
    if (!this.#isGone) this.#digest.update(event);
    said.push(failure.code);
    await this.#ended('cut').catch((error: unknown) => events.failed?.(error, id));
    if (this.#isGone) return;
    isLastRequest(response.req);
    response.write(event);
    response.socket?.destroySoon();
  }

  #ended(state: 'whole' | 'cut'): Promise<void> {
    const tokens = tokensUsed(this.#frames.usage);
    const { count: frames } = this.#frames;
    return this.#streamed.log({
      status: this.#status,
      stream: { state, frames, bytes: this.#bytes, ...(tokens === undefined ? {} : { tokens }) },
      answer: this.#digest.copy().digest('hex'),
    });
  }
}

/** As the servers of this protocol say that something went wrong when they have begun to answer. */
function errorEvent(failure: GatewayError, id: string): Buffer {
  const { type, title, detail, instance } = problemOf(failure, id);
  return Buffer.from(
    `event: error\ndata: ${JSON.stringify({ error: { message: detail, type, code: title, instance } })}\n\n`,
  );
}

const upstream = (message: string): GatewayError => new GatewayError('HF_GATEWAY_UPSTREAM', message);
