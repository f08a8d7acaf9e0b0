/** A file that loading this one reads or runs as well. */
export interface Beside {
  /** Relative to the folder of the file that names it; posix. */
  readonly path: string;
  /** `weights` are read, `code` is run. */
  readonly as: 'weights' | 'code';
  /** What names it: `auto_map`, `weight_map`. */
  readonly by: string;
}
