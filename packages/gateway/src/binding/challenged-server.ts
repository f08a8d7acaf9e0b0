import { GatewayError } from '../errors.ts';
import type { ModelServer } from '../http/model-server.ts';
import type { AnswerStream, Exchange, UpstreamAnswer, UpstreamRequest } from '../http/upstream.ts';
import type { Challenger } from './challenger.ts';

/**
 * A model server that is challenged: it is asked nothing any more as soon as a challenge failed, and challenged anew when it could not be
 * reached, as another one may answer in its place.
 */
export class ChallengedServer implements ModelServer {
  readonly #server: ModelServer;
  readonly #challenger: Challenger;

  constructor(server: ModelServer, challenger: Challenger) {
    this.#server = server;
    this.#challenger = challenger;
  }

  stream(request: UpstreamRequest, into: AnswerStream): Exchange {
    this.#requireTrusted();
    return this.#server.stream(request, into);
  }

  async exchange(request: UpstreamRequest): Promise<UpstreamAnswer> {
    this.#requireTrusted();
    try {
      return await this.#server.exchange(request);
    } catch (error) {
      if (error instanceof GatewayError && error.code === 'HF_GATEWAY_UPSTREAM') this.#challenger.doubt();
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  #requireTrusted(): void {
    const { state } = this.#challenger;
    if (state.is !== 'failed') return;
    throw new GatewayError('HF_GATEWAY_NOT_ADMITTED', `the model is not admitted: ${state.reason}`);
  }
}
