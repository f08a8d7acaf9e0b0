import type { JWTPayload } from 'jose';
import type { Caller } from '../caller.ts';
import type { Verified } from './verified-tokens.ts';

/** Which claims say what, and how far clocks may differ. */
export interface ClaimNames {
  readonly issuer: string;
  /** The claim that lists roles. */
  readonly roles: string;
  /** The claim that names the tenant, which a token then has to have. */
  readonly tenant?: string;
  /** Whole seconds. */
  readonly tolerance: number;
}

const bounds = { subject: 256, roles: 64, role: 128, tenant: 256 } as const;
/** Printable, so that it can stand in a log as it is. */
const plain = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u;

const isText = (value: unknown, most: number): value is string =>
  typeof value === 'string' && value.length <= most && plain.test(value);

/**
 * Whom the claims of a verified token name; undefined where they are not what they have to be. A token that is bound to a key of its
 * holder (`cnf`, RFC 7800) is refused: that the holder has the key is not asked here.
 */
export function verifiedCaller(payload: JWTPayload, names: ClaimNames, nowMs: number): Verified | undefined {
  const { sub, exp, nbf = 0, iat = 0 } = payload;
  const late = Math.floor(nowMs / 1000) + names.tolerance;
  const areTimes = Number.isFinite(exp) && Number.isFinite(nbf) && Number.isFinite(iat) && iat <= late;
  if (!areTimes || exp === undefined || !isText(sub, bounds.subject) || payload['cnf'] !== undefined) return undefined;
  const roles = rolesIn(payload[names.roles]);
  const id = `jwt:${names.issuer}|${sub}`;
  const tenant = names.tenant === undefined ? id : payload[names.tenant];
  if (roles === undefined || !isText(tenant, names.tenant === undefined ? Number.MAX_VALUE : bounds.tenant))
    return undefined;
  const caller: Caller = { id, name: sub, roles, tenant };
  return { caller, from: (nbf - names.tolerance) * 1000, until: (exp + names.tolerance) * 1000 };
}

/** A list of texts, or one text that is one role. What is something else has to be refused: it may have meant less. */
function rolesIn(value: unknown): readonly string[] | undefined {
  if (value === undefined) return [];
  const list: unknown = typeof value === 'string' ? [value] : value;
  if (!Array.isArray(list) || list.length > bounds.roles) return undefined;
  return list.every((role): role is string => isText(role, bounds.role)) ? [...new Set(list)] : undefined;
}
