/** What is written of a key before the model server is asked. */
export interface AskedKey {
  /** Digest of the request: method, path, body and what says how to read it. */
  readonly fingerprint: string;
  /** Of the artifact that is asked. */
  readonly artifact: string;
}

/** What the caller was answered. */
export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** What a key that came before stands for. */
export type HeldKey = AskedKey &
  (
    | { readonly state: 'running' }
    /** The model server was asked, and nobody knows what came of it. */
    | { readonly state: 'unknown' }
    | { readonly state: 'answered'; readonly answer: KeptAnswer }
  );

/**
 * Keys, and what came of their requests. What is claimed stays claimed when this process is killed, for as long as keys are kept; names
 * are digests of who asks, where, and under which key.
 */
export interface KeyJournal {
  /**
   * Takes a key for this request, which is on record when this ends. What was there before is returned instead.
   * @throws GatewayError HF_GATEWAY_IDEMPOTENCY_FULL, HF_GATEWAY_COUNTER
   */
  claim(name: string, asked: AskedKey): Promise<HeldKey | undefined>;
  answered(name: string, asked: AskedKey, answer: KeptAnswer): Promise<void>;
  /** Was asked, and it is not known what came of it. */
  lost(name: string, asked: AskedKey): Promise<void>;
  /** The model server was not asked: the key may be used again. */
  release(name: string): Promise<void>;
  close(): void;
}
