import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { NotUnderstood } from '../source.ts';
import { Crc64 } from './crc64.ts';

/** A checksum over what is unpacked. */
export interface XzCheck {
  /** Bytes. */
  readonly size: number;
  update(bytes: Uint8Array): void;
  digest(): Uint8Array;
}

/** The .xz File Format 2.1.1.2; the flags as a number of 16 bits, the lowest byte first. */
export function checkOf(flags: number): XzCheck {
  switch (flags >> 8) {
    case 0:
      return { size: 0, update: () => undefined, digest: () => new Uint8Array(0) };
    case 1:
      return crc32Check();
    case 4:
      return crc64Check();
    case 10:
      return sha256Check();
    default:
      throw new NotUnderstood('xz with a checksum that is not known here');
  }
}

function crc32Check(): XzCheck {
  let sum = 0;
  const digest = Buffer.alloc(4);
  return {
    size: 4,
    update: (bytes) => {
      sum = crc32(bytes, sum);
    },
    digest: () => {
      digest.writeUInt32LE(sum);
      return digest;
    },
  };
}

function crc64Check(): XzCheck {
  const sum = new Crc64();
  const digest = Buffer.alloc(8);
  return {
    size: 8,
    update: (bytes) => {
      sum.update(bytes);
    },
    digest: () => {
      digest.writeBigUInt64LE(sum.value);
      return digest;
    },
  };
}

function sha256Check(): XzCheck {
  const hash = createHash('sha256');
  return { size: 32, update: (bytes) => hash.update(bytes), digest: () => hash.digest() };
}
