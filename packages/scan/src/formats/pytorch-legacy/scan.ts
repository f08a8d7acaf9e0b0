import { ByteReader } from '../../bytes/byte-reader.ts';
import { NotUnderstood } from '../../bytes/source.ts';
import type { Shape } from '../../callables/judge.ts';
import type { Inspection } from '../../inspection.ts';
import { scanPickle } from '../../pickle/scan-pickle.ts';
import { keysOf } from './keys.ts';
import { Storages } from './storages.ts';

const version = 1001n;

/**
 * Accounts for all bytes of the legacy format: magic number, version, what the machine was like, the object, the keys of
 * its storages, and each storage with its length before it (`torch.serialization._legacy_load`, PyTorch 2.5).
 */
export async function scanLegacyTorch(part: Inspection): Promise<void> {
  const storages = new Storages();
  let start = 0;
  const roots: Shape[] = [];
  const starts: number[] = [];
  for (let count = 0; count < 5; count += 1) {
    const persistent = count === 3 ? (id: Shape, at: number) => storages.handIn(id, at) : () => undefined;
    starts.push(start);
    const { end, root } = await scanPickle(part, { start, persistent, trailing: 'caller' });
    roots.push(root);
    start = end;
  }
  const [, written] = roots;
  if (written?.kind !== 'int' || written.value !== version) {
    throw new NotUnderstood('another version of the format than 1001', starts[1]);
  }
  const end = passStorages(part, storages, keysOf(part.source, starts[4] ?? 0, start), start);
  if (end !== part.source.size) throw new NotUnderstood(`${part.source.size - end} bytes follow the last storage`, end);
  part.summary = `${storages.byKey.size} storages`;
  part.scan.progress(part.source.size);
}

/** Passes over the storages, in the order of their keys; where the last one ends. */
function passStorages(part: Inspection, storages: Storages, keys: readonly string[], start: number): number {
  const reader = new ByteReader(part.source, start);
  const left = new Map(storages.byKey);
  for (const key of keys) {
    const storage = left.get(key);
    if (storage === undefined)
      throw new NotUnderstood('a storage that nothing refers to, or for a second time', reader.at);
    left.delete(key);
    const count = reader.u64();
    if (count !== storage.count)
      throw new NotUnderstood('a storage of another length than the object says', reader.at - 8);
    const bytes = count * BigInt(storage.elementBytes);
    if (bytes > BigInt(reader.left)) throw new NotUnderstood('a storage that is cut short', reader.at);
    reader.skip(Number(bytes));
  }
  if (left.size > 0) throw new NotUnderstood(`${left.size} storages are missing`, reader.at);
  return reader.at;
}
