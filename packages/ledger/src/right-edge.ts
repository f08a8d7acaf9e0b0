import { encodeEntry } from './entry-bundle.ts';
import { hashesAt, type TileLevel, tileHeight, tilePath, tileWidth } from './tile-path.ts';
import { CompactRange } from './verify/compact-range.ts';
import type { Cryptography } from './verify/cryptography.ts';
import { concat } from './verify/encoding.ts';

/** A file of the ledger that is to be written. */
export interface NewFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A tile or entry bundle that is to be written. */
export interface NewTile extends NewFile {
  readonly level: TileLevel;
  readonly index: number;
  readonly width: number;
}

/** Everything that appending needs to know of a tree: what is in its partial tiles. */
export interface EdgeContent {
  readonly size: number;
  /** Largest complete subtrees of the whole tree, left to right. */
  readonly peaks: readonly Uint8Array[];
  /** Hashes in the partial tile of each level. */
  readonly hashes: ReadonlyMap<number, readonly Uint8Array[]>;
  /** Entries in the partial bundle, each encoded with its length. */
  readonly bundle: readonly Uint8Array[];
}

/** The growing right edge of the tree: takes entries, gives the files that a checkpoint over them needs. */
export class RightEdge {
  readonly #range: CompactRange;
  readonly #hashes: Map<number, Uint8Array[]>;
  #bundle: Uint8Array[];
  readonly #files: NewTile[] = [];
  readonly #touched = new Set<number>();

  constructor(content: EdgeContent, cryptography: Cryptography) {
    this.#range = new CompactRange(cryptography, content.size, content.peaks);
    this.#hashes = new Map([...content.hashes].map(([level, hashes]) => [level, [...hashes]]));
    this.#bundle = [...content.bundle];
  }

  get size(): number {
    return this.#range.size;
  }

  root(): Uint8Array {
    return this.#range.root();
  }

  /** A snapshot from which appending can go on. */
  content(): EdgeContent {
    const hashes = new Map([...this.#hashes].map(([level, row]) => [level, [...row]]));
    return { size: this.size, peaks: this.#range.peaks, hashes, bundle: [...this.#bundle] };
  }

  /** Appends an entry and its leaf hash. */
  append(leafHash: Uint8Array, entry: Uint8Array): void {
    this.#bundle.push(encodeEntry(entry));
    if (this.#bundle.length === tileWidth) {
      this.#files.push(newTile('entries', Math.floor(this.size / tileWidth), this.#bundle, tileWidth));
      this.#bundle = [];
    }
    const before = this.size;
    this.#range.push(leafHash, (height, hash) => {
      if (height % tileHeight === 0) this.#addHash(height / tileHeight, hash, before);
    });
  }

  #addHash(level: number, hash: Uint8Array, sizeBefore: number): void {
    const hashes = this.#hashes.get(level) ?? [];
    hashes.push(hash);
    this.#touched.add(level);
    this.#hashes.set(level, hashes);
    if (hashes.length < tileWidth) return;
    const index = Math.floor(hashesAt(level, sizeBefore) / tileWidth);
    this.#files.push(newTile(level, index, hashes, tileWidth));
    this.#hashes.set(level, []);
  }

  /** The tiles and bundles that are new since the edge was made, full ones first; all at paths not written before. */
  takeFiles(): readonly NewTile[] {
    const files = this.#files.splice(0);
    for (const level of this.#touched) {
      const hashes = this.#hashes.get(level) ?? [];
      if (hashes.length > 0) files.push(this.#partialTile(level, hashes));
    }
    if (this.#touched.size > 0 && this.#bundle.length > 0) files.push(this.#partialTile('entries', this.#bundle));
    this.#touched.clear();
    return files;
  }

  #partialTile(level: TileLevel, parts: readonly Uint8Array[]): NewTile {
    const count = hashesAt(level === 'entries' ? 0 : level, this.size);
    return newTile(level, Math.floor(count / tileWidth), parts, parts.length);
  }
}

function newTile(level: TileLevel, index: number, parts: readonly Uint8Array[], width: number): NewTile {
  return { level, index, width, path: tilePath(level, index, width), bytes: concat(...parts) };
}
