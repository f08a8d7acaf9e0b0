import { NotUnderstood } from '../../bytes/source.ts';
import type { Shape } from '../../callables/judge.ts';
import { mostElements } from '../pytorch/most-elements.ts';

/** Bytes of an element, by the class of the storage (`torch.storage`, `torch._utils._element_size`). */
const elementBytes: Readonly<Record<string, number>> = {
  ...{ DoubleStorage: 8, FloatStorage: 4, HalfStorage: 2, BFloat16Storage: 2, LongStorage: 8, IntStorage: 4 },
  ...{ ShortStorage: 2, CharStorage: 1, ByteStorage: 1, BoolStorage: 1, UntypedStorage: 1 },
  ...{ ComplexDoubleStorage: 16, ComplexFloatStorage: 8 },
  ...{ QInt8Storage: 1, QUInt8Storage: 1, QInt32Storage: 4, QUInt4x2Storage: 1, QUInt2x4Storage: 1 },
};

/** Storages of one file, and characters of a key. */
const mostStorages = 2 ** 18;
const longestKey = 2 ** 10;

/** A storage that the object of a file refers to. */
export interface Storage {
  readonly elementBytes: number;
  /** Elements. */
  readonly count: bigint;
}

/** The storages that persistent ids name, by their keys. */
export class Storages {
  readonly byKey = new Map<string, Storage>();

  /**
   * What `torch.load` hands in for a persistent id of the legacy format:
   * `('storage', class, key, location, elements, view)`, or `('module', class, file, source)` for the class itself.
   *
   * @returns undefined for any other
   * @throws NotUnderstood for a key that is used for two storages
   */
  handIn(id: Shape, at: number): Shape | undefined {
    const items = id.kind === 'tuple' && !id.more ? id.items : [];
    const [type, holder, key, location, count, view] = items;
    if (type?.kind !== 'str' || holder?.kind !== 'reference') return undefined;
    if (type.value === 'module' && items.length === 4) return holder;
    if (type.value !== 'storage' || items.length !== 6 || key?.kind !== 'str' || location?.kind !== 'str')
      return undefined;
    const { module, name } = holder.reference;
    const bytes = module === 'torch' || module === 'torch.storage' ? elementBytes[name] : undefined;
    if (bytes === undefined || count?.kind !== 'int' || count.value < 0n || !isView(view)) return undefined;
    if (key.length > longestKey || this.byKey.size > mostStorages) throw new NotUnderstood('too many storages', at);
    const known = this.byKey.get(key.value);
    if (known === undefined) this.byKey.set(key.value, { elementBytes: bytes, count: count.value });
    else if (known.elementBytes !== bytes || known.count !== count.value) {
      throw new NotUnderstood('two storages have the same key', at);
    }
    return { kind: 'persistent', of: 'torch.Storage', elements: mostElements(name, count.value) };
  }
}

/** None, or `(key, offset, elements)`. */
function isView(view: Shape | undefined): boolean {
  if (view?.kind === 'none') return true;
  if (view?.kind !== 'tuple' || view.items.length !== 3) return false;
  const [key, offset, count] = view.items;
  return key?.kind === 'str' && offset?.kind === 'int' && count?.kind === 'int';
}
