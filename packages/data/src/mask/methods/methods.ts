import { bins } from './bins.ts';
import { dateShift } from './date-shift.ts';
import { encrypt } from './encrypt.ts';
import { hash } from './hash.ts';
import { hierarchy } from './hierarchy.ts';
import { mask } from './mask.ts';
import type { Method } from './method.ts';
import { noise } from './noise.ts';
import { period } from './period.ts';
import { prefix } from './prefix.ts';
import { token } from './token.ts';
import { drop, keep, redact } from './whole-column.ts';
import { zip3 } from './zip3.ts';

/** The names that a plan may call. */
export const methodNames = [
  ...(['keep', 'drop', 'redact', 'mask', 'hash', 'token', 'encrypt'] as const),
  ...(['bins', 'period', 'prefix', 'hierarchy', 'zip3', 'date-shift', 'noise'] as const),
] as const;

export type MethodName = (typeof methodNames)[number];

const byName: Readonly<Record<MethodName, unknown>> = {
  ...{ keep, drop, redact, mask, hash, token, encrypt },
  ...{ bins, period, prefix, hierarchy, zip3, 'date-shift': dateShift, noise },
};

export const isMethod = (name: unknown): name is MethodName => typeof name === 'string' && Object.hasOwn(byName, name);

/** A method as one of any parameters: a plan holds its own against the schema before. */
export const methodOf = (name: MethodName): Method => byName[name] as Method;
