import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Appended, AppendOptions, Request } from './append-queue.ts';
import { AppendQueue } from './append-queue.ts';
import type { NewEntry } from './batch-plan.ts';
import { planBatch } from './batch-plan.ts';
import { writeBatch } from './batch-write.ts';
import { DurableFolder } from './durable-folder.ts';
import { LedgerError } from './errors.ts';
import { FolderLock } from './folder-lock.ts';
import type { Head } from './head.ts';
import { loadEdge } from './head.ts';
import { ioError } from './io-error.ts';
import { DamagedIndex, LeafIndex } from './leaf-index.ts';
import type { Ledger, LedgerOptions, Proven } from './ledger.ts';
import { LedgerReader, requireContinues } from './ledger-reader.ts';
import { nodeCryptography } from './node-cryptography.ts';
import type { NoteSigner } from './note-signer.ts';
import { signNote } from './note-signer.ts';
import { checkpointPath, tileWidth } from './tile-path.ts';
import type { TileSource } from './tile-source.ts';
import { folderSource } from './tile-source.ts';
import type { TileCache } from './tile-tree.ts';
import { TileTree } from './tile-tree.ts';
import type { CheckpointTrust, VerifiedCheckpoint } from './verify/checkpoint.ts';
import { formatCheckpointBody, verifyCheckpoint } from './verify/checkpoint.ts';
import { utf8 } from './verify/encoding.ts';
import type { TreeHead } from './verify/merkle.ts';
import { formatVerifierKey, logId, signatureTypes } from './verify/verifier-key.ts';

const defaultLockDeadline = 10_000;
/** What belongs to this machine, and not to the log. */
const notForGit = '.index-*\n.lock\n.tmp/\n';

/** The ledger in a folder, opened for appending. Use `createLedger` and `openLedger`. */
export class LedgerWriter implements Ledger {
  readonly folder: string;
  readonly origin: string;
  readonly logId: Uint8Array;
  readonly verifierKeys: readonly string[];
  readonly #signers: readonly NoteSigner[];
  readonly #trust: CheckpointTrust;
  readonly #source: TileSource;
  readonly #disk: DurableFolder;
  readonly #lock: FolderLock;
  readonly #index: LeafIndex;
  readonly #queue = new AppendQueue((requests) => this.#commit(requests));
  #cache: TileCache = new Map();
  #head: Head | undefined;

  constructor(folder: string, options: LedgerOptions) {
    const log = logSigner(options);
    this.folder = folder;
    this.origin = log.name;
    this.logId = logId(log.name, log.key.publicKey, nodeCryptography);
    this.verifierKeys = options.signers.map((signer) => signer.verifierKey);
    this.#signers = options.signers;
    this.#trust = { origin: log.name, verifierKeys: [...this.verifierKeys, ...(options.verifierKeys ?? [])] };
    this.#source = folderSource(folder);
    this.#disk = new DurableFolder(folder, options.disk);
    this.#lock = new FolderLock(folder, options.lockDeadline ?? defaultLockDeadline);
    this.#index = new LeafIndex(folder);
  }

  get checkpoint(): VerifiedCheckpoint {
    return this.#current().checkpoint;
  }

  get size(): number {
    return this.checkpoint.size;
  }

  append(entries: readonly Uint8Array[], options?: AppendOptions): Promise<readonly Appended[]> {
    return this.#queue.append(entries, options);
  }

  async prove(index: number): Promise<Proven> {
    const reader = this.#reader();
    return { checkpoint: reader.checkpoint, hashes: await reader.proveInclusion(index) };
  }

  async entry(index: number): Promise<Uint8Array> {
    return await this.#reader().entry(index);
  }

  async close(): Promise<void> {
    await this.#queue.close();
    if (this.#index.isOpen) await this.#closeIndex();
    this.#lock.close();
  }

  /** The last one to close an index tidies it up, which must not meet somebody who opens it: hence the lock. */
  async #closeIndex(): Promise<void> {
    const locked = await this.#lock.acquire().then(
      () => true,
      () => false,
    );
    this.#index.close();
    if (locked) this.#lock.release();
  }

  /** Makes the folder and the checkpoint of the empty tree. */
  async create(): Promise<void> {
    await this.#disk.create();
    await this.#locked(async () => {
      if ((await this.#source.read(checkpointPath)) !== undefined) {
        throw new LedgerError('HF_LEDGER_EXISTS', `there is already a ledger in \`${this.folder}\``);
      }
      this.#requireNothingSeen();
      const { text } = await this.#sign({ size: 0, rootHash: nodeCryptography.sha256(new Uint8Array()) });
      await this.#disk.publish(await this.#disk.stage({ path: '.gitignore', bytes: utf8(notForGit) }));
      await this.#disk.publish(await this.#disk.stage({ path: checkpointPath, bytes: utf8(text) }));
      await this.#disk.syncRoot();
      await this.#catchUp();
    });
  }

  /** Verifies what is there, and clears away what a crash left. */
  async open(): Promise<void> {
    // Looked up before the lock, which would leave its file in a folder that is none of ours.
    const there = [checkpointPath, '.lock'].some((name) => existsSync(join(this.folder, name)));
    if (!there) throw this.#notFound();
    await this.#locked(async () => {
      await this.#disk.removeTemporaries();
      await this.#repairing(() => this.#catchUp());
    });
  }

  async #locked<T>(work: () => Promise<T>): Promise<T> {
    await this.#lock.acquire();
    try {
      return await work();
    } finally {
      this.#lock.release();
    }
  }

  async #commit(requests: readonly Request[]): Promise<void> {
    try {
      const plan = await this.#locked(async () => {
        await this.#repairing(() => this.#catchUp());
        const planned = await this.#repairing(() => planBatch(requests, this.#current(), this.#index));
        if (planned.fresh.length > 0) await this.#write(planned.fresh);
        return planned;
      });
      plan.settle();
    } catch (error) {
      for (const request of requests) request.reject(error);
    }
  }

  async #write(fresh: readonly NewEntry[]): Promise<void> {
    const before = this.#current();
    const sign = (head: TreeHead): Promise<VerifiedCheckpoint> => this.#sign(head, before.checkpoint);
    const { checkpoint, edge } = await writeBatch(fresh, before, { disk: this.#disk, source: this.#source, sign });
    this.#head = { checkpoint, edge, tree: new TileTree(this.#source, checkpoint, nodeCryptography, this.#cache) };
    const hashes = fresh.map(({ leafHash }) => leafHash);
    await this.#remember(before.checkpoint.size, hashes, checkpoint).catch((error: unknown) => {
      // The entries are on disk and count: an index that lags behind is caught up, or rebuilt, by the next append.
      if (!(error instanceof LedgerError || error instanceof DamagedIndex)) throw error;
    });
  }

  /** Runs the work again with a rebuilt index when the one that is there turns out to be damaged. */
  async #repairing<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DamagedIndex)) throw error;
    }
    try {
      this.#index.reset();
      await this.#catchUp();
      return await work();
    } catch (error) {
      throw error instanceof DamagedIndex ? ioError(error, 'cannot rebuild the index') : error;
    }
  }

  /** Takes in what other processes wrote since, and brings the index up to the checkpoint. */
  async #catchUp(): Promise<void> {
    const text = await this.#source.read(checkpointPath);
    if (text === undefined) {
      this.#requireNothingSeen();
      throw this.#notFound();
    }
    const state = this.#index.state();
    const known = this.#head?.checkpoint;
    if (known !== undefined && known.size === state?.indexed && Buffer.from(text).equals(utf8(known.text))) return;
    const checkpoint = await verifyCheckpoint(text, this.#trust, nodeCryptography);
    const cache: TileCache = new Map();
    const tree = new TileTree(this.#source, checkpoint, nodeCryptography, cache);
    await tree.edge();
    const seen = state ?? known;
    if (seen !== undefined) await requireContinues(tree, checkpoint, seen);
    await this.#indexFrom(state?.indexed ?? 0, checkpoint, tree);
    this.#head = { checkpoint, tree, edge: await loadEdge(this.#source, tree) };
    this.#cache = cache;
  }

  async #indexFrom(indexed: number, checkpoint: TreeHead, tree: TileTree): Promise<void> {
    await this.#remember(indexed, [], checkpoint);
    for (let next = indexed; next < checkpoint.size; ) {
      const tile = Math.floor(next / tileWidth);
      const leaves = (await tree.leavesOf(tile)).slice(next - tile * tileWidth);
      await this.#remember(next, leaves, checkpoint);
      next += leaves.length;
    }
  }

  /** Adds leaves to the index, a few at a time so that the event loop has its turns, and the checkpoint they are in. */
  async #remember(first: number, leaves: readonly Uint8Array[], { size, rootHash }: TreeHead): Promise<void> {
    for (let at = 0; at === 0 || at < leaves.length; at += tileWidth) {
      if (at > 0) await setImmediate();
      const some = leaves.slice(at, at + tileWidth);
      this.#index.add(first + at, some, { indexed: first + at + some.length, size, rootHash });
    }
  }

  async #sign(head: TreeHead, before?: VerifiedCheckpoint): Promise<VerifiedCheckpoint> {
    const newest = new Map(before?.signatures.map(({ key, timestamp }) => [formatVerifierKey(key), timestamp ?? 0]));
    const text = await signNote(formatCheckpointBody({ origin: this.origin, ...head }), this.#signers, newest);
    // A signer that went wrong is noticed here, before anybody has seen its signature.
    return await verifyCheckpoint(text, this.#trust, nodeCryptography);
  }

  #current(): Head {
    if (this.#head === undefined) throw new LedgerError('HF_LEDGER_CLOSED', 'the ledger has not been opened');
    return this.#head;
  }

  #reader(): LedgerReader {
    const { checkpoint, tree } = this.#current();
    return new LedgerReader(this.#source, checkpoint, tree, nodeCryptography);
  }

  #requireNothingSeen(): void {
    const seen = this.#seenSize();
    if (seen === 0) return;
    const message = `there is no checkpoint in \`${this.folder}\`, but one of ${seen} entries was seen before`;
    throw new LedgerError('HF_LEDGER_ROLLBACK', message, { where: checkpointPath });
  }

  #seenSize(): number {
    try {
      return this.#index.state()?.size ?? 0;
    } catch (error) {
      if (!(error instanceof DamagedIndex)) throw error;
      this.#index.reset();
      return 0;
    }
  }

  #notFound(): LedgerError {
    return new LedgerError('HF_LEDGER_NOT_FOUND', `there is no ledger in \`${this.folder}\``);
  }
}

/** The signer that stands for the log: Ed25519, and its name is the origin. */
function logSigner({ signers, origin }: LedgerOptions): NoteSigner {
  const log = signers.find(
    ({ key }) => key.type === signatureTypes.ed25519 && (origin === undefined || key.name === origin),
  );
  if (log !== undefined) return log;
  const message = `no Ed25519 signer has the name ${origin === undefined ? 'of the ledger' : `\`${origin}\``}`;
  throw new LedgerError('HF_LEDGER_SIGNER', message);
}
