import { z } from 'zod';
import { hostPattern } from './scalars.ts';
import { expected, refused } from './wording.ts';

/** A host name, with a port where it is not 443: `data.example`, `mirror.example:8443`. */
export const hostWithPort = z
  .string({ error: expected('a host name, with a port if need be, such as `pypi.example:443`') })
  .max(259, { error: 'is longer than 259 characters' })
  .regex(new RegExp(`^${hostPattern}(?::[1-9][0-9]{0,4})?$`), {
    error: refused('is not a host name, with a port if need be, such as `pypi.example:443`'),
    abort: true,
  })
  .refine((host) => Number(/:([0-9]+)$/.exec(host)?.[1] ?? 1) <= 65_535, { error: refused('has a port above 65535') });

/** The same host in one spelling: with its port. */
export function hostAndPort(host: string): string {
  return /:[0-9]+$/.test(host) ? host : `${host}:443`;
}
