/**
 * Every answer that the gateway gives instead of the model server's: HTTP status, exit code where it happens before serving, what it
 * means, what to do. Nothing about the inside stands in an answer.
 */
export const gatewayErrors = {
  HF_GATEWAY_FRAMING: {
    ...{ exit: 1, status: 400 },
    meaning:
      'It is not certain where a request ends, or what its headers say: two lengths, a repeated header, a coding nobody asked for.',
    fix: 'send one `content-length` or one `transfer-encoding: chunked`, and each header once',
  },
  HF_GATEWAY_EXPECTATION: {
    ...{ exit: 1, status: 417 },
    meaning:
      'A request expects something before it sends its body, such as `100-continue`, and nothing is said before.',
    fix: 'leave `expect` out, or send `100-continue` with a body',
  },
  HF_GATEWAY_NOT_FOUND: {
    ...{ exit: 1, status: 404 },
    meaning: 'No route has this path and method.',
    fix: 'compare the address with `gateway.routes` of holdfast.yaml',
  },
  HF_GATEWAY_TOO_LARGE: {
    ...{ exit: 1, status: 413 },
    meaning: 'A body, or a count or depth in it, is beyond the limit of the route.',
    fix: 'send less at once, or raise `limits` of the route',
  },
  HF_GATEWAY_TOO_SLOW: {
    ...{ exit: 1, status: 408 },
    meaning: 'A request did not arrive, or an answer was not taken, within the time allowed.',
    fix: 'send faster, or raise `limits` of the route',
  },
  HF_GATEWAY_MALFORMED: {
    ...{ exit: 1, status: 400 },
    meaning:
      'A body is not what the protocol of the route says: broken or repeated keys, wrong lengths, unknown types.',
    fix: 'send what the protocol describes; the message says where it differs',
  },
  HF_GATEWAY_UNSUPPORTED: {
    ...{ exit: 1, status: 415 },
    meaning: 'A content type or encoding that the route does not take.',
    fix: 'send what the route takes, without compression',
  },
  HF_GATEWAY_NO_CALLER: {
    ...{ exit: 1, status: 401 },
    meaning:
      'The caller showed no key, token or certificate, or one that is not good: unknown, expired, for something else.',
    fix: 'send `authorization: Bearer …` with a key of this gateway or a token of its issuer',
  },
  HF_GATEWAY_NOT_ALLOWED: {
    ...{ exit: 1, status: 403 },
    meaning: 'The policy does not let this caller use this model.',
    fix: 'ask whoever keeps the policy of the gateway',
  },
  HF_GATEWAY_SET_APART: {
    ...{ exit: 1, status: 403 },
    meaning: 'The caller, or the model, is set apart for a while because of what was asked before.',
    fix: 'wait as long as `retry-after` says, or ask whoever keeps the gateway: holdfast caller pardon NAME',
  },
  HF_GATEWAY_QUOTA: {
    ...{ exit: 1, status: 429 },
    meaning: 'The caller has used what it may.',
    fix: 'wait as long as `retry-after` says',
  },
  HF_GATEWAY_NOT_ADMITTED: {
    ...{ exit: 1, status: 503 },
    meaning:
      'The model of this route has not passed its gate, or does not any more: unsigned, denied, revoked, or it cannot be found out.',
    fix: 'holdfast gate ARTIFACT --to ENVIRONMENT says what is missing',
  },
  HF_GATEWAY_UPSTREAM: {
    ...{ exit: 3, status: 502 },
    meaning: 'The model server cannot be reached, or answered with something that is no answer.',
    fix: 'see whether the model server of the route runs',
  },
  HF_GATEWAY_UPSTREAM_TIME: {
    ...{ exit: 3, status: 504 },
    meaning: 'The model server did not answer within the time allowed.',
    fix: 'see what the model server is doing, or raise `limits.time` of the route',
  },
  HF_GATEWAY_REFUSED: {
    ...{ exit: 1, status: 422 },
    meaning:
      'A protection of the route refuses the input: not of the form that the model takes, or not like what it was trained on.',
    fix: 'send inputs of the names, shapes, types and ranges that the model takes',
  },
  HF_GATEWAY_COUNTER: {
    ...{ exit: 3, status: 503 },
    meaning: 'What callers use is counted together with other replicas, and what counts it cannot be asked.',
    fix: 'see whether the server of `gateway.callers.shared` runs',
  },
  HF_GATEWAY_THROTTLED: {
    ...{ exit: 1, status: 429 },
    meaning: 'A protection holds this caller back for a while.',
    fix: 'wait as long as `retry-after` says, or ask whoever runs the gateway',
  },
  HF_GATEWAY_IDEMPOTENCY_KEY: {
    ...{ exit: 1, status: 400 },
    meaning: 'The header `idempotency-key` does not hold one key.',
    fix: 'send 1 to 255 printable characters, plain or between double quotes, such as a UUID',
  },
  HF_GATEWAY_IDEMPOTENCY_REUSED: {
    ...{ exit: 1, status: 422 },
    meaning: 'The same idempotency key came before with another request.',
    fix: 'take a new key for each request; repeat a request byte for byte',
  },
  HF_GATEWAY_IDEMPOTENCY_RUNNING: {
    ...{ exit: 1, status: 409 },
    meaning: 'The request with this idempotency key is on its way.',
    fix: 'wait as long as `retry-after` says, and send it again with the same key',
  },
  HF_GATEWAY_IDEMPOTENCY_UNKNOWN: {
    ...{ exit: 1, status: 409 },
    meaning:
      'The model server was asked under this idempotency key, and what it answered is not known: something failed or was killed meanwhile. It is not asked again.',
    fix: 'find out at the model server whether it was done; only then send it with a new key',
  },
  HF_GATEWAY_IDEMPOTENCY_FULL: {
    ...{ exit: 3, status: 503 },
    meaning: 'As many idempotency keys or answers are kept as may be.',
    fix: 'wait until some have ended, or raise `limits.idempotency` of the route',
  },
  HF_GATEWAY_INTERNAL: {
    ...{ exit: 3, status: 500 },
    meaning: 'The gateway itself failed with this request; nothing of it was passed on from here.',
    fix: 'give whoever runs the gateway the `instance` of the answer',
  },
  HF_GATEWAY_CONFIGURATION: {
    ...{ exit: 2, status: 500 },
    meaning: 'The gateway cannot start with this configuration.',
    fix: 'correct what is named in `gateway` of holdfast.yaml; docs/guides/gateway.md shows how it is written',
  },
  HF_GATEWAY_KEY_FILE: {
    ...{ exit: 2, status: 500 },
    meaning:
      'The file of API keys cannot be used or not be changed like that. While it cannot be used every key is refused.',
    fix: 'repair the file, or take it from a copy; `holdfast caller list` reads it',
  },
} as const satisfies Record<string, { exit: 1 | 2 | 3; status: number; meaning: string; fix: string }>;

export type GatewayErrorCode = keyof typeof gatewayErrors;

export interface GatewayErrorOptions {
  /** Place in the request, for people: `inputs[0].shape`, `header content-length`. Never a value that was sent. */
  readonly where?: string;
  /** Seconds after which it may be tried again. */
  readonly retryAfter?: number | undefined;
  readonly cause?: unknown;
}

/** Why the gateway answers itself. The message is shown to callers: it repeats no value that was sent, and nothing internal. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly code: GatewayErrorCode;
  readonly fix: string;
  readonly exit: 1 | 2 | 3;
  readonly status: number;
  readonly where: string | undefined;
  readonly retryAfter: number | undefined;

  constructor(code: GatewayErrorCode, message: string, { where, retryAfter, cause }: GatewayErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.fix = gatewayErrors[code].fix;
    this.exit = gatewayErrors[code].exit;
    this.status = gatewayErrors[code].status;
    this.where = where;
    this.retryAfter = retryAfter;
  }
}
