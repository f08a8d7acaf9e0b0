import { setImmediate } from 'node:timers/promises';
import type { NewEntry } from './batch-plan.ts';
import type { DurableFolder } from './durable-folder.ts';
import type { Head } from './head.ts';
import { nodeCryptography } from './node-cryptography.ts';
import type { EdgeContent, NewTile } from './right-edge.ts';
import { RightEdge } from './right-edge.ts';
import { checkpointPath, hashesAt, tilePath, tileWidth, widthOf } from './tile-path.ts';
import type { TileSource } from './tile-source.ts';
import type { VerifiedCheckpoint } from './verify/checkpoint.ts';
import { utf8 } from './verify/encoding.ts';
import type { TreeHead } from './verify/merkle.ts';

/** What writing a batch needs from its writer. */
export interface BatchWriter {
  readonly disk: DurableFolder;
  readonly source: TileSource;
  sign(head: TreeHead): Promise<VerifiedCheckpoint>;
}

/** Entries hashed before the event loop gets a turn. */
const turn = 512;

/**
 * Writes a batch. The order is what makes it safe: first all bundles and tiles are on disk, only then is a checkpoint
 * signed and gets its name, and only when that name is on disk does this return.
 *
 * @throws LedgerError HF_LEDGER_DISK_FULL, HF_LEDGER_IO, HF_LEDGER_CLOCK; the ledger is then as before
 */
export async function writeBatch(
  fresh: readonly NewEntry[],
  before: Head,
  writer: BatchWriter,
): Promise<{ checkpoint: VerifiedCheckpoint; edge: EdgeContent }> {
  const edge = new RightEdge(before.edge, nodeCryptography);
  for (const [at, { leafHash, entry }] of fresh.entries()) {
    if (at % turn === turn - 1) await setImmediate();
    edge.append(leafHash, entry);
  }
  const tiles = edge.takeFiles();
  await removeLeftovers(tiles, before.checkpoint.size, writer);
  await writer.disk.writeNew(tiles);
  const checkpoint = await publish({ size: edge.size, rootHash: edge.root() }, tiles, writer);
  for (const { path, width } of tiles) if (width === tileWidth) await writer.disk.removeFolder(`${path}.p`);
  return { checkpoint, edge: edge.content() };
}

async function publish(head: TreeHead, tiles: readonly NewTile[], writer: BatchWriter): Promise<VerifiedCheckpoint> {
  const { disk } = writer;
  const checkpoint = await signAndName(head, writer).catch(async (error: unknown) => {
    await disk.remove(tiles.map(({ path }) => path));
    throw error;
  });
  // The checkpoint has its name now: whatever happens, its tiles have to stay.
  await disk.syncRoot();
  return checkpoint;
}

async function signAndName(head: TreeHead, writer: BatchWriter): Promise<VerifiedCheckpoint> {
  const checkpoint = await writer.sign(head);
  const staged = await writer.disk.stage({ path: checkpointPath, bytes: utf8(checkpoint.text) });
  await writer.disk.publish(staged);
  return checkpoint;
}

/**
 * A crash between tiles and checkpoint leaves tiles that no checkpoint covers. They would contradict what is written
 * now as soon as the tree has grown past them, so they go first.
 */
async function removeLeftovers(tiles: readonly NewTile[], size: number, { disk, source }: BatchWriter): Promise<void> {
  await Promise.all(
    tiles.map(async ({ level, index, width }) => {
      const full = tilePath(level, index);
      const covered = widthOf(index, hashesAt(level === 'entries' ? 0 : level, size));
      const partials = (await source.list?.(`${full}.p`)) ?? [];
      const left = partials.filter((name) => Number(name) > covered).map((name) => `${full}.p/${name}`);
      await disk.remove(width < tileWidth ? [full, ...left] : left);
    }),
  );
}
