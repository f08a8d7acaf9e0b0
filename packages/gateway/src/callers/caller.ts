/** Who asks, after what was shown has been verified. */
export interface Caller {
  /** Stable and unique: `key:reports-ci`, `jwt:https://issuer.example|sub`, `mtls:<SHA-256 of the public key>`. */
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  /** Callers of one tenant share budgets for what they learn of a model. The id when nothing else is known. */
  readonly tenant: string;
  /** Models that this key or token is for; undefined: what policy allows. */
  readonly scopes?: readonly string[];
}

/** What a request shows of its caller. */
export interface Credentials {
  /** The value of `authorization`, once. */
  readonly authorization?: string;
  /** The value of `x-api-key`, once. */
  readonly apiKey?: string;
  /**
   * SHA-256 of the public key of a client certificate that TLS verified, in hex, its subject as Node writes it, and when it ends, in
   * milliseconds: a connection can last longer.
   */
  readonly certificate?: { readonly publicKey: string; readonly subject: string; readonly until?: number };
}

/** Finds out who asks. */
export interface Authenticator {
  /**
   * Synchronous where nothing has to be fetched or verified anew: most requests show what was seen before.
   * @throws GatewayError HF_GATEWAY_NO_CALLER; the message does not say which part was wrong
   */
  authenticate(credentials: Credentials, nowMs: number): Caller | Promise<Caller>;
  close(): void;
}
