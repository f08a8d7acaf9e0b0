import type { ByteSource } from './bytes/source.ts';
import type { Inspection } from './inspection.ts';
import type { ScanRule } from './verdict.ts';

/** A file format: how to know it, and who understands it. */
export interface Format {
  /** `safetensors`, `pickle`: stands in reports. */
  readonly name: string;
  /** For people: `PyTorch archive`. */
  readonly title: string;
  /** Extensions that promise this format, without dot: another content under them is a mismatch. */
  readonly extensions: readonly string[];
  /** Whether loading a file of this format can run code that the file names. */
  readonly carriesCode: boolean;
  /** What it can find. */
  readonly rules: readonly ScanRule[];
  /**
   * Whether the bytes are of this format: `certain` by a signature, `possible` by their shape alone (it counts where
   * nothing is certain). It reads little, and throws nothing: what is cut short is not recognised.
   */
  recognise(source: ByteSource): 'certain' | 'possible' | undefined;
  /** Loads the scanner. */
  load(): Promise<(part: Inspection) => void | Promise<void>>;
}
