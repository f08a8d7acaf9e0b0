/** What the user vouches for, beside what Holdfast knows to be harmless (`scan.allow` in `holdfast.yaml`). */
export interface AllowList {
  /** Callables by their full names, `package.module.Class`: calling them with any arguments is allowed. */
  readonly callables: ReadonlySet<string>;
  /** SHA-256 in hex of files, or of parts of files, that are allowed as they are. */
  readonly digests: ReadonlySet<string>;
}

export const allowNothing: AllowList = { callables: new Set(), digests: new Set() };

/** An entry of `scan.allow`, as `holdfast.yaml` has it: one of `callable` and `sha256`. */
export interface AllowEntry {
  readonly callable?: string;
  readonly sha256?: string;
  readonly reason?: string;
}

/** The list that entries make; why somebody allows something is for people. */
export function allowListOf(entries: readonly AllowEntry[]): AllowList {
  return {
    callables: new Set(entries.flatMap(({ callable }) => callable ?? [])),
    digests: new Set(entries.flatMap(({ sha256 }) => sha256 ?? [])),
  };
}
