import type { Reference, Shape } from '../../callables/judge.ts';
import { shown } from '../../finding.ts';
import type { Inspection } from '../../inspection.ts';
import type { ZipArchive, ZipEntry } from '../zip/zip-archive.ts';
import { mostElements } from './most-elements.ts';
import { pytorchRules } from './rules.ts';

/** Bytes of an element, by the class in `torch` (2.15) that stands for its type. */
const elementBytes: Readonly<Record<string, number>> = {
  ...{ DoubleStorage: 8, FloatStorage: 4, HalfStorage: 2, BFloat16Storage: 2, LongStorage: 8, IntStorage: 4 },
  ...{ ShortStorage: 2, CharStorage: 1, ByteStorage: 1, BoolStorage: 1, ComplexDoubleStorage: 16 },
  ...{ ComplexFloatStorage: 8, QUInt8Storage: 1, QInt8Storage: 1, QInt32Storage: 4, QUInt4x2Storage: 1 },
  ...{ QUInt2x4Storage: 1, UntypedStorage: 1, _UntypedStorage: 1 },
};

/**
 * The storages of one folder of an archive: entries named by a key, which the pickle names in persistent ids. Their bytes
 * are numbers, and cannot run: only that they are where they should be is looked at, and nothing of them is read, so that
 * the checksum of a stored one is not known to be right.
 */
export class Storages {
  readonly #part: Inspection;
  readonly #entries: ReadonlyMap<string, ZipEntry>;
  readonly #used = new Set<string>();

  readonly #mayBeEmpty: boolean;

  /**
   * @param folder with its slash: `archive/data/`
   * @param mayBeEmpty whether only the shapes are kept, as PyTorch does for the inputs that a model was traced with
   */
  constructor(part: Inspection, archive: ZipArchive, folder: string, mayBeEmpty = false) {
    this.#part = part;
    this.#mayBeEmpty = mayBeEmpty;
    const inside = archive.entries.filter(({ name }) => name.startsWith(folder) && name !== folder);
    this.#entries = new Map(inside.map((entry) => [entry.name.slice(folder.length), entry]));
  }

  get count(): number {
    return this.#used.size;
  }

  /** What `torch.load` makes of a persistent id: `('storage', class, key, location, number of elements)`. */
  persistent(id: Shape, at: number): Shape | undefined {
    if (id.kind !== 'tuple' || id.more || id.items.length !== 5) return undefined;
    const [mark, type, key, location, count] = id.items;
    if (mark?.kind !== 'str' || mark.value !== 'storage' || location?.kind !== 'str') return undefined;
    if (type?.kind !== 'reference' || key?.kind !== 'str' || count?.kind !== 'int') return undefined;
    const bytes = bytesOf(type.reference);
    if (bytes === undefined || count.value < 0n) return undefined;
    const entry = this.#entries.get(key.value);
    if (entry === undefined || key.length !== key.value.length) {
      this.#part.leave(`the bytes of storage ${shown(key.value)} are not in the archive`, { at });
      return undefined;
    }
    this.#used.add(key.value);
    this.#reportSize(entry, count.value * BigInt(bytes));
    return { kind: 'persistent', of: 'torch.Storage', elements: mostElements(type.reference.name, count.value) };
  }

  /** Reports the bytes that no tensor refers to. */
  reportUnused(): void {
    for (const [key, { name, offset }] of this.#entries) {
      if (this.#used.has(key)) continue;
      this.#part.report(pytorchRules.unused, { message: `no tensor refers to ${shown(name)}`, at: offset });
    }
  }

  #reportSize({ name, size, offset }: ZipEntry, needed: bigint): void {
    if (needed === BigInt(size) || (size === 0 && this.#mayBeEmpty)) return;
    const rule = needed > BigInt(size) ? pytorchRules.storage : pytorchRules.unused;
    const message = `${shown(name)} has ${size} bytes, and its storage ${needed}`;
    this.#part.report(rule, { message, at: offset });
  }
}

function bytesOf({ module, name }: Reference): number | undefined {
  const isKnown = module === 'torch' || module === 'torch.storage' || module === 'torch.cuda';
  return isKnown && Object.hasOwn(elementBytes, name) ? elementBytes[name] : undefined;
}
