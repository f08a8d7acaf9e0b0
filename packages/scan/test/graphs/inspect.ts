import { allowNothing } from '../../src/allow-list.ts';
import { type ByteSource, MemorySource } from '../../src/bytes/source.ts';
import { type FileScan, Inspection } from '../../src/inspection.ts';
import { defaultLimits } from '../../src/limits.ts';
import { recognise } from '../../src/recognise.ts';

/** Bytes in memory that count how many of them are read, and how often. */
export class CountedSource implements ByteSource {
  readonly size: number;
  bytes = 0;
  reads = 0;
  readonly #memory: MemorySource;

  constructor(bytes: Uint8Array) {
    this.#memory = new MemorySource(bytes);
    this.size = bytes.length;
  }

  read(offset: number, length: number): Uint8Array {
    this.bytes += length;
    this.reads += 1;
    return this.#memory.read(offset, length);
  }
}

/** Inspects a source by one scanner. */
export async function inspect(
  source: ByteSource,
  scanner: (part: Inspection) => void | Promise<void>,
  name = 'file',
): Promise<Inspection> {
  const scan: FileScan = {
    limits: defaultLimits,
    allow: allowNothing,
    folder: undefined,
    progress: () => undefined,
    recognise,
  };
  const part = new Inspection(scan, source, name);
  part.format = 'under test';
  await part.attempt(scanner);
  return part;
}
