import { timingSafeEqual } from 'node:crypto';
import type { Caller } from '../caller.ts';
import type { StoredKey } from './key-file.ts';
import { keyDigest, keyIdOf } from './key-text.ts';

interface HeldSecret {
  readonly digest: Buffer;
  readonly until: number;
}

interface HeldKey {
  readonly caller: Caller;
  readonly from: number;
  readonly until: number;
  readonly newest: HeldSecret;
  readonly before: HeldSecret;
}

/** No text has this digest that anybody could find. */
const nothing: HeldSecret = { digest: Buffer.alloc(64, '-'), until: Number.NEGATIVE_INFINITY };
const nobody: HeldKey = {
  caller: { id: '', name: '', roles: [], tenant: '' },
  ...{ from: Number.POSITIVE_INFINITY, until: Number.NEGATIVE_INFINITY, newest: nothing, before: nothing },
};

/** Keys that count at one moment, ready to be compared. */
export class KeyRing {
  readonly #held = new Map<string, HeldKey>();
  readonly #shown = Buffer.alloc(64);

  constructor(keys: readonly StoredKey[]) {
    for (const key of keys) if (key.revoked === undefined) this.#held.set(key.id, heldKey(key));
  }

  get size(): number {
    return this.#held.size;
  }

  /** Whose key it is, if it is one that is good now. An id that is not there takes as long as one that is. */
  callerOf(text: string, nowMs: number): Caller | undefined {
    const id = keyIdOf(text);
    if (id === '') return undefined;
    const { caller, from, until, newest, before } = this.#held.get(id) ?? nobody;
    this.#shown.write(keyDigest(text), 'latin1');
    const isNewest = timingSafeEqual(this.#shown, newest.digest) && nowMs < newest.until;
    const isBefore = timingSafeEqual(this.#shown, before.digest) && nowMs < before.until;
    return (isNewest || isBefore) && nowMs >= from && nowMs < until ? caller : undefined;
  }
}

function heldKey({ name, roles, scopes, tenant, notBefore, expires, secrets: [newest, before] }: StoredKey): HeldKey {
  const id = `key:${name}`;
  return {
    caller: { id, name, roles, tenant: tenant ?? id, ...(scopes === undefined ? {} : { scopes }) },
    from: notBefore ?? Number.NEGATIVE_INFINITY,
    until: expires ?? Number.POSITIVE_INFINITY,
    newest: heldSecret(newest),
    before: heldSecret(before),
  };
}

function heldSecret(secret: StoredKey['secrets'][number] | undefined): HeldSecret {
  if (secret === undefined) return nothing;
  return { digest: Buffer.from(secret.sha256, 'latin1'), until: secret.until ?? Number.POSITIVE_INFINITY };
}
