import type { ModelServer } from '../http/model-server.ts';
import type { AnswerStream, Exchange, UpstreamAnswer, UpstreamRequest } from '../http/upstream.ts';
import type { Canary } from './canary.ts';

/** Copies that may be on their way at once; what comes meanwhile is not copied. */
const mostCopies = 16;

export interface ShadowTally {
  copied: number;
  /** As many were on their way already. */
  left: number;
  failed: number;
}

/** A model server whose predictions are asked for twice: here, and of a candidate, whose answers are thrown away. */
export class ShadowedServer implements ModelServer {
  readonly #server: ModelServer;
  readonly #canary: Canary;
  #running = 0;
  readonly tally: ShadowTally = { copied: 0, left: 0, failed: 0 };

  constructor(server: ModelServer, canary: Canary) {
    this.#server = server;
    this.#canary = canary;
  }

  stream(request: UpstreamRequest, into: AnswerStream): Exchange {
    this.#copy(request);
    return this.#server.stream(request, into);
  }

  async exchange(request: UpstreamRequest): Promise<UpstreamAnswer> {
    this.#copy(request);
    return this.#server.exchange(request);
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  #copy(request: UpstreamRequest): void {
    if (request.method !== 'POST' || !this.#canary.isShadow) return;
    if (this.#running >= mostCopies) {
      this.tally.left += 1;
      return;
    }
    this.#running += 1;
    this.tally.copied += 1;
    void this.#ask(request).finally(() => {
      this.#running -= 1;
    });
  }

  async #ask(request: UpstreamRequest): Promise<void> {
    // What is done once under this key would be done once for both.
    const passed = Object.entries(request.headers).filter(([name]) => name !== 'idempotency-key');
    let isError = true;
    try {
      const { status } = await this.#canary.candidate.upstream.exchange({
        ...request,
        headers: Object.fromEntries(passed),
      });
      isError = status >= 500;
    } catch {
      // Counted, and nobody's business but the operator's.
    }
    if (isError) this.tally.failed += 1;
    this.#canary.told(isError);
  }
}
