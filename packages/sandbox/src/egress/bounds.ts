/** What one run may ask of the proxy. Times in milliseconds. */
export interface Bounds {
  /** At once. */
  readonly connections: number;
  /** Bytes of the head of a request; a head that is longer is not read. */
  readonly headerBytes: number;
  readonly headerMs: number;
  /** Bytes of the records that a TLS hello comes in, and whatever came with it. */
  readonly helloBytes: number;
  /** From the answer to CONNECT until the hello is whole. */
  readonly helloMs: number;
  readonly lookupMs: number;
  /** For each address that is tried. */
  readonly connectMs: number;
  /** A connection without a byte in either direction is closed. */
  readonly idleMs: number;
  /** Different refusals that are remembered one by one; the others are only counted. */
  readonly refusals: number;
}

export const defaultBounds: Bounds = {
  connections: 256,
  headerBytes: 16_384,
  headerMs: 10_000,
  helloBytes: 16_384, // one with post-quantum key shares and session tickets has about 3,000
  helloMs: 10_000,
  lookupMs: 15_000,
  connectMs: 15_000,
  idleMs: 300_000,
  refusals: 100,
};
