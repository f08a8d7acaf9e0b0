import { z } from 'zod';
import { listOf } from './shapes.ts';
import { expected, refused, unprintable } from './wording.ts';

/** The subject of a certificate: `[C=DE, O=Bank, CN=batch]`, each part as OpenSSL and Node write it (RFC 5280 section 4.1.2.6). */
export const certificateSubject = listOf(
  z
    .string({ error: expected('a part such as `CN=batch`') })
    .max(512, { error: 'is longer than 512 characters' })
    .regex(/^[A-Za-z0-9.]+=./, { error: refused('is not a part such as `CN=batch`') })
    .refine((part) => !unprintable.test(part), { error: refused('holds control characters or line breaks') }),
  'a list of parts such as `CN=batch`',
  32,
).min(1, { error: 'has no part' });

/** A certificate is known by its key or by its subject, and never by either of two. */
export const isKnownByOne = ({ publicKey, subject }: { publicKey?: unknown; subject?: unknown }): boolean =>
  (publicKey === undefined) !== (subject === undefined);
