import type { ServerResponse } from 'node:http';
import { GatewayError } from '../errors.ts';
import { isLastRequest } from './last-request.ts';

/** Problem details of an answer that the gateway gives itself (RFC 9457 section 3). */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Stands in the request log, too, so that somebody can find out more. */
  readonly instance: string;
  readonly where?: string;
  /** What the caller can do. */
  readonly fix: string;
}

/** Where a code is explained. */
const pageOf = (code: string): string => `https://holdfast.dev/errors#${code.toLowerCase()}`;

export function problemOf(error: GatewayError, instance: string): Problem {
  const { code, status, message, where, fix } = error;
  return {
    type: pageOf(code),
    title: code,
    status,
    detail: message,
    instance: `urn:uuid:${instance}`,
    ...(where === undefined ? {} : { where }),
    fix,
  };
}

/** What is no error of the gateway is one inside of it, of which a caller hears nothing. */
export function asGatewayError(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  return new GatewayError('HF_GATEWAY_INTERNAL', 'the gateway failed with this request', { cause: error });
}

/** Headers of every problem: nobody keeps it, nobody takes it for something else. */
export function problemHeaders({ status, retryAfter }: GatewayError, length: number): Record<string, string | number> {
  return {
    'content-type': 'application/problem+json',
    'content-length': length,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    ...(retryAfter === undefined ? {} : { 'retry-after': Math.max(1, Math.ceil(retryAfter)) }),
  };
}

/**
 * Answers with a problem. A request whose body was not read to its end takes its connection with it: what is left of it must not be
 * taken for the next request.
 */
export function sendProblem(response: ServerResponse, error: GatewayError, instance: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = Buffer.from(JSON.stringify(problemOf(error, instance)));
  const isWhole = response.req.complete;
  if (!isWhole) isLastRequest(response.req);
  const headers = { ...problemHeaders(error, body.length), ...(isWhole ? {} : { connection: 'close' }) };
  response.writeHead(error.status, headers);
  response.end(body);
  // Time to send the answer, then the rest is cut off.
  if (!isWhole) {
    response.on('finish', () => {
      response.req.socket.destroySoon();
    });
  }
}
