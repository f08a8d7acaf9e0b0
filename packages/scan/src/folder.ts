/** The folder around a file, as far as a format may ask for it. */
export interface Folder {
  /** Posix paths of all files, relative to the folder that is scanned. */
  readonly files: ReadonlySet<string>;
  /** Of the file under inspection, relative to the folder that is scanned; posix. */
  readonly path: string;
}
