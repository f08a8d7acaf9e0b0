import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createLedger,
  ed25519Signer,
  type Ledger,
  type LedgerReader,
  mlDsa44Cosigner,
  nodeCryptography,
  openLedgerReader,
  type TileSource,
} from '@holdfast/ledger';
import { afterAll, expect } from 'vitest';
import type { EvidenceBundle } from '../src/bundle.ts';
import { EvidenceError, type EvidenceErrorCode } from '../src/errors.ts';
import { generatePrivateKey, type KeyAlgorithm, keySigner, type Signer } from '../src/keys.ts';
import { predicateTypes } from '../src/predicates/types.ts';
import { type RecordedEvidence, recordEvidence, signStatement } from '../src/record.ts';
import type { Role } from '../src/roles.ts';
import { type Statement, statementOf } from '../src/statement.ts';
import { type EvidenceSource, type EvidenceStore, openEvidenceStore } from '../src/store.ts';
import type { Trust } from '../src/trust.ts';
import { type EvidenceView, verifyLedger } from '../src/view.ts';

export const origin = 'credit-risk.example';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder that goes with the test file. */
export function sceneFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-evidence-'));
  folders.push(folder);
  return folder;
}

export interface Person {
  readonly name: string;
  readonly signer: Signer;
  /** In the trust file. */
  readonly roles: readonly Role[];
}

/** Ed25519 unless it matters: its signatures are the same each time. */
export function person(name: string, roles: readonly Role[], algorithm: KeyAlgorithm = 'ed25519'): Person {
  return { name, roles, signer: keySigner(generatePrivateKey(algorithm)) };
}

export const artifact = { name: 'model.onnx', digest: { sha256: 'ab'.repeat(32) } } as const;

export const approval = (reason = 'looked at it'): Statement =>
  statementOf(predicateTypes.approval, [artifact], { reason, approvedOn: '2026-11-02T10:00:00Z' });

export const withdrawal = (reason = 'wrong labels'): Statement =>
  statementOf(predicateTypes.withdrawal, [artifact], { reason, withdrawnOn: '2026-11-02T10:00:00Z' });

export function keyEvent(
  action: 'grant' | 'revoke',
  who: Person,
  roles: readonly Role[],
  previous: string | null,
): Statement {
  const { id, pem } = who.signer.publicKey;
  const key = { name: who.name, publicKey: pem };
  const subject = [{ name: who.name, digest: { sha256: id } }];
  return statementOf(predicateTypes.keyEvent, subject, { action, key, roles: [...roles], previous });
}

/** A ledger with its evidence, and the trust file that believes it. */
export class Scene {
  readonly ledger: Ledger;
  readonly store: EvidenceStore;
  readonly trust: Trust;

  constructor(ledger: Ledger, store: EvidenceStore, trust: Trust) {
    this.ledger = ledger;
    this.store = store;
    this.trust = trust;
  }

  async record(who: Person, statement: Statement): Promise<RecordedEvidence> {
    const [recorded] = await recordEvidence([await signStatement(statement, who.signer)], this);
    return recorded!;
  }

  reader(tiles: TileSource = this.tiles()): Promise<LedgerReader> {
    const { origin, verifierKeys } = this.trust.ledgers[0]!;
    return openLedgerReader(tiles, { origin, verifierKeys, requireAll: true });
  }

  tiles(): MemoryTiles {
    return new MemoryTiles(this.ledger.folder);
  }

  async view(
    options: { readonly source?: EvidenceSource; readonly trust?: Trust; readonly tiles?: TileSource } = {},
  ): Promise<EvidenceView> {
    const reader = await this.reader(options.tiles);
    return verifyLedger(reader, options.source ?? this.store, options.trust ?? this.trust, nodeCryptography);
  }
}

export interface SceneOptions {
  readonly origin?: string;
  /** By default the ledger has an Ed25519 key only. */
  readonly postQuantum?: boolean;
  readonly logKey?: KeyObject;
}

export async function openScene(people: readonly Person[], options: SceneOptions = {}): Promise<Scene> {
  const name = options.origin ?? origin;
  const folder = sceneFolder();
  const logKey = options.logKey ?? generateKeyPairSync('ed25519').privateKey;
  const cosigners = options.postQuantum ? [mlDsa44Cosigner(name, generateKeyPairSync('ml-dsa-44').privateKey)] : [];
  const signers = [ed25519Signer(name, logKey), ...cosigners];
  const ledger = await createLedger(join(folder, 'ledger'), { origin: name, signers });
  const trust: Trust = {
    ledgers: [{ origin: name, verifierKeys: signers.map(({ verifierKey }) => verifierKey) }],
    signers: people.map((who) => ({ name: who.name, publicKey: who.signer.publicKey.pem, roles: [...who.roles] })),
    witnesses: [],
  };
  return new Scene(ledger, openEvidenceStore(join(folder, 'evidence')), trust);
}

/** The published files of a ledger, for tampering with; remembers what was read. */
export class MemoryTiles implements TileSource {
  readonly files = new Map<string, Uint8Array>();
  readonly seen = new Set<string>();

  constructor(folder: string) {
    this.files.set('checkpoint', readFileSync(join(folder, 'checkpoint')));
    if (!existsSync(join(folder, 'tile'))) return;
    for (const entry of readdirSync(join(folder, 'tile'), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      this.files.set(path.slice(folder.length + 1), readFileSync(path));
    }
  }

  /** The same files, of which one is another. */
  with(path: string, bytes: Uint8Array): TileSource {
    return { read: (wanted) => Promise.resolve(wanted === path ? bytes : this.files.get(wanted)) };
  }

  read(path: string): Promise<Uint8Array | undefined> {
    this.seen.add(path);
    return Promise.resolve(this.files.get(path));
  }
}

/** A store with some bundles replaced. */
export function replaced(source: EvidenceSource, bundles: Readonly<Record<string, EvidenceBundle>>): EvidenceSource {
  return {
    list: () => source.list(),
    get: (id) => (bundles[id] === undefined ? source.get(id) : Promise.resolve(bundles[id])),
  };
}

/** The error that the work ends with. */
export async function errorOf(work: () => unknown): Promise<EvidenceError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof EvidenceError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** Checks with which code the work ends. */
export async function expectCode(work: () => unknown, code: EvidenceErrorCode): Promise<void> {
  const error = await errorOf(work);
  expect({ code: error.code, message: error.message }).toEqual({ code, message: error.message });
}

/** Where and with which code something did not verify. */
export const problems = (found: EvidenceView['broken']): [number, EvidenceErrorCode][] =>
  found.map(({ index, code }) => [index, code]);

export function flip(bytes: Uint8Array, at: number, bit: number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  changed[at]! ^= 1 << bit;
  return changed;
}
