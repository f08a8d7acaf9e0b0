import { createHash, hkdfSync } from 'node:crypto';

/** What a part of the key is for; each use has a key of its own. */
export type KeyPurpose = 'hash' | 'token' | 'encrypt' | 'date-shift';

/** Before everything that is derived from a key here, so that it is equal to nothing that is derived elsewhere. */
const domain = 'holdfast/data.mask/v1';

/**
 * A secret of at least 256 bits. It is never used itself: every method, and every `domain` that a plan names, has a key derived
 * from it by HKDF-SHA-256 (RFC 5869, no salt).
 */
export class MaskingKey {
  readonly #secret: Uint8Array;
  /**
   * The first 8 bytes of SHA-256(`holdfast/data.mask/v1/key-id` ‖ 0x00 ‖ key), in hexadecimal: two outputs with the same one can be
   * joined, and nobody learns the key by it.
   */
  readonly id: string;

  constructor(secret: Uint8Array) {
    this.#secret = Uint8Array.from(secret);
    this.id = createHash('sha256').update(`${domain}/key-id\0`).update(secret).digest('hex').slice(0, 16);
  }

  /** 32 bytes for one purpose: `info` is `holdfast/data.mask/v1/PURPOSE` ‖ 0x00 ‖ name. */
  derived(purpose: KeyPurpose, name: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.#secret, '', `${domain}/${purpose}\0${name}`, 32));
  }
}
