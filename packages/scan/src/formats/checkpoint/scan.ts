import { NotUnderstood } from '../../bytes/source.ts';
import { shown } from '../../finding.ts';
import type { Inspection } from '../../inspection.ts';
import { fieldsOf } from '../protobuf/fields.ts';
import { walkMessage } from '../savedmodel/walk.ts';
import { type Entry, entriesOf } from './table.ts';

/**
 * Reads the index of a checkpoint: a header, and for each tensor which bytes of which shard it is. The shards hold
 * numbers and texts alone; that they are there is asked of the folder.
 */
export function scanCheckpoint(part: Inspection): void {
  let [count, shards, highest] = [0, 0, 0];
  for (const entry of entriesOf(part.source)) {
    if (count === 0) shards = headerOf(part, entry);
    else highest = Math.max(highest, shardOf(part, entry));
    count += 1;
    if (count % 1024 === 0) part.requireTime();
  }
  if (count === 0 || highest >= Math.max(1, shards))
    throw new NotUnderstood('tensors lie in shards that there are not');
  askForShards(part, shards);
  part.summary = `${count - 1} tensors`;
  part.scan.progress(part.source.size);
}

/** BundleHeaderProto, under the empty key: 1 the number of shards. */
function headerOf(part: Inspection, { keyLength, start, end }: Entry): number {
  if (keyLength > 0) throw new NotUnderstood('a checkpoint without a header', start);
  walkMessage(part, 'tensorflow.BundleHeaderProto', { start, end }, {});
  return numberIn(part, { start, end }, 1);
}

/** BundleEntryProto: 3 the shard. */
function shardOf(part: Inspection, { start, end }: Entry): number {
  walkMessage(part, 'tensorflow.BundleEntryProto', { start, end }, {});
  return numberIn(part, { start, end }, 3);
}

function numberIn({ source }: Inspection, { start, end }: Pick<Entry, 'start' | 'end'>, number: number): number {
  return [...fieldsOf(source, start, end)].find((field) => field.number === number)?.value ?? 0;
}

/** `variables.index` stands beside `variables.data-00000-of-00001`. */
function askForShards(part: Inspection, shards: number): void {
  const { folder } = part.scan;
  if (folder === undefined || part.part.length > 0) return;
  const stem = folder.path.replace(/\.index$/, '');
  for (let shard = 0; shard < Math.min(shards, 100_000); shard++) {
    const name = `${stem}.data-${String(shard).padStart(5, '0')}-of-${String(shards).padStart(5, '0')}`;
    if (folder.files.has(name)) continue;
    part.leave(`the tensors are expected in ${shown(name)}, which was not found`);
    return;
  }
}
