/** What the user vouches for, beside what Holdfast knows to be harmless (`scan.allow` in `holdfast.yaml`). */
export interface AllowList {
  /** Callables by their full names, `package.module.Class`: calling them with any arguments is allowed. */
  readonly callables: ReadonlySet<string>;
  /** SHA-256 in hex of files, or of parts of files, that are allowed as they are. */
  readonly digests: ReadonlySet<string>;
}

export const allowNothing: AllowList = { callables: new Set(), digests: new Set() };
