import { hash } from 'node:crypto';
import { GatewayError } from '../errors.ts';
import type { UpstreamAnswer } from '../http/upstream.ts';
import { idempotencyKey } from './idempotency-key.ts';
import type { AskedKey, HeldKey, KeyJournal } from './key-journal.ts';

/** A request with an `idempotency-key`. */
export interface KeyedRequest {
  readonly header: string;
  readonly caller: string;
  /** The route that it came to, as callers call it. */
  readonly route: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Digest of the body. */
  readonly body: string;
  readonly artifact: string;
}

/** What is told of an execution, so that it is known afterwards what a failure means. */
export interface Execution {
  /** From here on the model server may have done it. */
  asks(): void;
}

/** Headers without which a body is not the same request. */
const telling = ['content-type', 'inference-header-content-length', 'accept'] as const;

/**
 * Executes a request once for each key of a caller on a route, and answers those that follow with what was answered
 * (draft-ietf-httpapi-idempotency-key-header-07 section 2). The key is on record before the model server is asked. Where it is not known
 * what came of that, it is said, and the model server is never asked again under the key.
 */
export class Once {
  readonly #journals: readonly KeyJournal[];

  /** @param journals a key has to be free in each, in this order: its own machine's first, then one that replicas share */
  constructor(journals: readonly KeyJournal[]) {
    this.#journals = journals;
  }

  /** @throws GatewayError HF_GATEWAY_IDEMPOTENCY_KEY, …_REUSED, …_RUNNING, …_UNKNOWN, …_FULL; whatever `execute` throws */
  async run(
    request: KeyedRequest,
    execute: (execution: Execution) => Promise<UpstreamAnswer>,
  ): Promise<UpstreamAnswer> {
    const name = digestOf([request.route, request.caller, idempotencyKey(request.header)]);
    const asked = { fingerprint: fingerprintOf(request), artifact: request.artifact };
    const held = await this.#claim(name, asked);
    if (held !== undefined) return heldAnswer(held, asked);
    const state = { isAsked: false };
    try {
      const answer = await execute({
        asks: () => {
          state.isAsked = true;
        },
      });
      for (const journal of this.#journals) await journal.answered(name, asked, answer);
      return answer;
    } catch (error) {
      if (state.isAsked && !isUnsent(error)) await this.#each((journal) => journal.lost(name, asked));
      else await this.#each((journal) => journal.release(name));
      throw error;
    }
  }

  close(): void {
    for (const journal of this.#journals) journal.close();
  }

  async #claim(name: string, asked: AskedKey): Promise<HeldKey | undefined> {
    const taken: KeyJournal[] = [];
    try {
      for (const journal of this.#journals) {
        const held = await journal.claim(name, asked);
        if (held !== undefined) {
          await releaseIn(taken, name);
          return held;
        }
        taken.push(journal);
      }
      return undefined;
    } catch (error) {
      await releaseIn(taken, name);
      throw error;
    }
  }

  /** All of them, whatever one of them says: a key that is left claimed is never executed again, which is the safe way to fail. */
  async #each(work: (journal: KeyJournal) => Promise<void>): Promise<void> {
    await Promise.allSettled(this.#journals.map(work));
  }
}

async function releaseIn(journals: readonly KeyJournal[], name: string): Promise<void> {
  await Promise.allSettled(journals.map((journal) => journal.release(name)));
}

function heldAnswer(held: HeldKey, asked: AskedKey): UpstreamAnswer {
  if (held.fingerprint !== asked.fingerprint) {
    throw new GatewayError('HF_GATEWAY_IDEMPOTENCY_REUSED', 'this idempotency key came with another request');
  }
  if (held.state === 'running') {
    throw new GatewayError('HF_GATEWAY_IDEMPOTENCY_RUNNING', 'the request with this idempotency key is on its way', {
      retryAfter: 1,
    });
  }
  if (held.state === 'unknown') {
    throw new GatewayError('HF_GATEWAY_IDEMPOTENCY_UNKNOWN', 'it is not known what came of the first request');
  }
  if (held.artifact !== asked.artifact) {
    throw new GatewayError('HF_GATEWAY_NOT_ADMITTED', 'the model that answered under this key is not served any more');
  }
  const { status, headers, body } = held.answer;
  return { status, headers: { ...headers, 'idempotency-replayed': 'true' }, body };
}

/** Failures after which it is certain that the model server got nothing: no connection could be made, or none was tried. */
const unsentCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function isUnsent(error: unknown): boolean {
  if (!(error instanceof GatewayError)) return false;
  if (error.code === 'HF_GATEWAY_UPSTREAM' && error.cause === undefined) return error.retryAfter !== undefined;
  if (error.code === 'HF_GATEWAY_THROTTLED') return error.where === undefined && error.retryAfter !== undefined;
  const { code } = (error.cause ?? {}) as { readonly code?: unknown };
  return error.code === 'HF_GATEWAY_UPSTREAM' && typeof code === 'string' && unsentCodes.has(code);
}

function fingerprintOf({ method, path, headers, body }: KeyedRequest): string {
  return digestOf([method, path, body, ...telling.map((name) => headers[name] ?? null)]);
}

const digestOf = (parts: readonly (string | null)[]): string => hash('sha256', JSON.stringify(parts), 'hex');
