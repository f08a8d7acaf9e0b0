import { hex } from '@holdfast/ledger/verify/encoding';
import type { Cryptography, VerifierKey } from '@holdfast/ledger/verify/index';
import { logId, parseVerifierKey, signatureTypes, verifyCheckpoint } from '@holdfast/ledger/verify/index';
import { EvidenceError } from '../errors.ts';
import type { PublicKey } from '../keys.ts';
import type { KeyEvent } from '../predicates/key-event.ts';
import type { Role } from '../roles.ts';
import type { Trust } from '../trust.ts';
import type { VerifiedEvidence } from './evidence.ts';
import { readPublicKey } from './public-key.ts';

export interface TrustedLedger {
  readonly origin: string;
  /** Verifies a signed checkpoint. @throws EvidenceError HF_CHECKPOINT_INVALID */
  openCheckpoint(note: string): Promise<Checkpoint>;
}

/** A tree head whose signatures verified. */
export interface Checkpoint {
  readonly size: number;
  readonly rootHash: Uint8Array;
}

/** A trust file brought to life: who is known, and who held which role at which ledger position. */
export interface TrustView {
  publicKey(keyId: string): PublicKey;
  nameOf(keyId: string): string;
  rolesAt(keyId: string, origin: string, index: number): ReadonlySet<Role>;
  ledgerById(logId: Uint8Array): TrustedLedger;
  /** Takes in the next verified key event of a ledger; they must come in ledger order. */
  apply(event: VerifiedEvidence<KeyEvent>): void;
  /** Evidence id of the newest key event, of those before a ledger position; `null` before the first. */
  newestKeyEvent(origin: string, before?: number): string | null;
  /** Every key that is known, with the roles that it holds: at the end of the ledger, or before a position. */
  signers(
    origin: string,
    before?: number,
  ): readonly { readonly name: string; readonly key: PublicKey; readonly roles: ReadonlySet<Role> }[];
}

interface RoleChange {
  readonly origin: string;
  readonly index: number;
  readonly id: string;
  readonly keyId: string;
  readonly action: 'grant' | 'revoke';
  readonly roles: readonly Role[];
}

interface KnownKey {
  readonly key: PublicKey;
  readonly name: string;
  /** Granted by the trust file itself, from the beginning of every ledger. */
  readonly roles: readonly Role[];
  /** Ledger position of the event that made it known; -1: the trust file. */
  readonly since: number;
}

/**
 * Builds the view that evidence is verified against.
 * Roles come from the trust file (held from the beginning) and from key events (held from their position on);
 * *then* is a ledger position, never a clock.
 *
 * @throws EvidenceError HF_TRUST_FORMAT, HF_KEY_FORMAT
 */
export function createTrustView(trust: Trust, crypto: Cryptography): TrustView {
  const keys = knownKeys(trust, crypto);
  const ledgers = trust.ledgers.map(({ origin, verifierKeys }) => trustedLedger(origin, verifierKeys, crypto));
  const changes: RoleChange[] = [];
  const newestKeyEvent = (origin: string, before = Number.MAX_SAFE_INTEGER): string | null =>
    changes.findLast((change) => change.origin === origin && change.index < before)?.id ?? null;
  const rolesAt = (keyId: string, origin: string, index: number) =>
    rolesAfter(keys.get(keyId)?.roles ?? [], changes, keyId, origin, index);
  return {
    publicKey(keyId) {
      const known = keys.get(keyId);
      if (known !== undefined) return known.key;
      throw new EvidenceError('HF_SIGNER_UNKNOWN', `no key \`${keyId.slice(0, 16)}…\` is trusted or granted`);
    },
    nameOf: (keyId) => keys.get(keyId)?.name ?? `${keyId.slice(0, 16)}…`,
    rolesAt,
    ledgerById: (id) => ledgerOf(ledgers, hex(id)),
    apply(event) {
      const key = keyOfEvent(event, newestKeyEvent(event.origin), crypto);
      const { action, roles, key: subject } = event.statement.predicate;
      if (!keys.has(key.id)) keys.set(key.id, { key, name: subject.name, roles: [], since: event.index });
      changes.push({ origin: event.origin, index: event.index, id: event.id, keyId: key.id, action, roles });
    },
    newestKeyEvent,
    signers: (origin, before = Number.MAX_SAFE_INTEGER) =>
      [...keys.values()]
        .filter(({ since }) => since < before)
        .map(({ key, name }) => ({ name, key, roles: rolesAt(key.id, origin, before) })),
  };
}

/** One entry a key: of two, the second would take away what the first gives, or the other way round. */
function knownKeys({ signers }: Trust, crypto: Cryptography): Map<string, KnownKey> {
  const keys = new Map<string, KnownKey>();
  for (const { name, publicKey, roles } of signers) {
    const key = readPublicKey(publicKey, crypto);
    if (keys.has(key.id)) {
      throw new EvidenceError('HF_TRUST_FORMAT', `the key of \`${name}\` is in the trust file twice`);
    }
    keys.set(key.id, { key, name, roles, since: -1 });
  }
  return keys;
}

/** The key that an event is about. The event has to follow the one before it, and its subject has to be that key. */
function keyOfEvent(event: VerifiedEvidence<KeyEvent>, newest: string | null, crypto: Cryptography): PublicKey {
  const { key: subject, previous } = event.statement.predicate;
  if (previous !== newest) {
    throw new EvidenceError('HF_KEY_EVENT_CHAIN', `key event ${event.index} does not follow the one before it`);
  }
  const key = readPublicKey(subject.publicKey, crypto);
  const named = event.statement.subject.map(({ digest }) => digest['sha256']);
  if (named.length !== 1 || named[0] !== key.id) {
    throw new EvidenceError('HF_KEY_EVENT_CHAIN', `key event ${event.index} is about another key than its subject`);
  }
  return key;
}

function ledgerOf<Ledger extends { readonly id: string }>(ledgers: readonly Ledger[], id: string): Ledger {
  const ledger = ledgers.find((candidate) => candidate.id === id);
  if (ledger !== undefined) return ledger;
  throw new EvidenceError('HF_LEDGER_UNTRUSTED', `the trust file names no ledger with id \`${id.slice(0, 16)}…\``);
}

function rolesAfter(
  initial: readonly Role[],
  changes: readonly RoleChange[],
  keyId: string,
  origin: string,
  index: number,
): ReadonlySet<Role> {
  const held = new Set(initial);
  for (const change of changes) {
    if (change.keyId !== keyId || change.origin !== origin || change.index >= index) continue;
    for (const role of change.roles) {
      if (change.action === 'grant') held.add(role);
      else held.delete(role);
    }
  }
  return held;
}

/** Every key that the trust file names for a ledger has to have signed, the post-quantum one too when it is there. */
function trustedLedger(
  origin: string,
  verifierKeys: readonly string[],
  crypto: Cryptography,
): TrustedLedger & { id: string } {
  const keys = verifierKeys.map((text) => readVerifierKey(text, crypto));
  const logKey = keys.find((key) => key.type === signatureTypes.ed25519 && key.name === origin);
  if (logKey === undefined) {
    throw new EvidenceError('HF_TRUST_FORMAT', `the ledger \`${origin}\` has no Ed25519 key of its own name`);
  }
  const opened = new Map<string, Promise<Checkpoint>>();
  return {
    origin,
    id: hex(logId(origin, logKey.publicKey, crypto)),
    openCheckpoint(note) {
      const before = opened.get(note);
      if (before !== undefined) return before;
      const checkpoint = verifyCheckpoint(note, { origin, verifierKeys, requireAll: true }, crypto).catch(
        refuse(origin),
      );
      if (opened.size >= rememberedCheckpoints) opened.clear();
      opened.set(note, checkpoint);
      return checkpoint;
    },
  };
}

/** Reads a ledger's key from a trust file. @throws EvidenceError HF_TRUST_FORMAT */
export function readVerifierKey(text: string, crypto: Cryptography): VerifierKey {
  try {
    return parseVerifierKey(text, crypto);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new EvidenceError('HF_TRUST_FORMAT', why, { cause });
  }
}

/** Many pieces of evidence share a checkpoint; more than this are not remembered. */
const rememberedCheckpoints = 1024;

function refuse(origin: string): (cause: unknown) => never {
  return (cause) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new EvidenceError('HF_CHECKPOINT_INVALID', `no valid checkpoint of \`${origin}\`: ${why}`, { cause });
  };
}
