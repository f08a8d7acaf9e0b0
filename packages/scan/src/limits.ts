/** How much a scan does before it says `unknown`. Each is a bound of one file with all that is in it. */
export interface Limits {
  /** Files within files within files. */
  readonly depth: number;
  /** Parts at all depths: entries of archives, pickles, payloads. */
  readonly parts: number;
  /** Bytes that are unpacked, at all depths together. */
  readonly unpackedBytes: number;
  /** What one compressed part may grow to, times its size, beyond the first 16 MiB. */
  readonly ratio: number;
  /** Bytes of a header, a text or a configuration that has to be in memory as a whole. */
  readonly textBytes: number;
  /** Findings that are kept; beyond them one line says how many there were. */
  readonly findings: number;
  /** Milliseconds. */
  readonly time: number;
}

export const defaultLimits: Limits = {
  depth: 8,
  parts: 2 ** 15,
  unpackedBytes: 2 ** 38,
  ratio: 1100,
  textBytes: 2 ** 26,
  findings: 1000,
  time: 30 * 60_000,
};
