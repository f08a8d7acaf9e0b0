import type { Inspection } from '../../inspection.ts';
import type { ScanRule } from '../../verdict.ts';
import type { ZipArchive } from './zip-archive.ts';

/** What a zip with certain entries really is: a format that is carried by a zip. */
export interface ArchiveKind {
  /** Stands in reports: `pytorch`. */
  readonly name: string;
  /** For people: `PyTorch archive`. */
  readonly title: string;
  /** Extensions that promise it, without dot. */
  readonly extensions: readonly string[];
  /** Whether loading it can run code that it names. */
  readonly carriesCode: boolean;
  /** What it can find, beside what is wrong with a zip. */
  readonly rules: readonly ScanRule[];
  /** Whether a zip with these entries is one; `names` are those of all entries, folders (`a/`) among them. */
  matches(names: ReadonlySet<string>): boolean;
  /**
   * Loads its scanner, which accounts for every entry: `part.enter(entry.name, await archive.open(entry))` for what it
   * does not read itself. Folders are empty, and need nothing.
   */
  load(): Promise<(part: Inspection, archive: ZipArchive) => Promise<void>>;
}
