import type { Quota } from '@holdfast/contracts/gateway-callers';
import type { Caller } from '../callers/caller.ts';
import { GatewayError } from '../errors.ts';
import type { Cost } from './quota.ts';

/**
 * A quota in whole numbers: tokens are counted in parts so small that a whole number of them flows in every millisecond, so that adding,
 * taking and comparing is exact.
 */
export interface CountedQuota {
  /** For people: `rows per caller with batch for credit`. */
  readonly name: string;
  readonly per: Quota['per'];
  readonly of: keyof Cost;
  readonly role: string | undefined;
  readonly model: string | undefined;
  /** Parts of a token. */
  readonly unit: number;
  /** Parts that flow in every millisecond. */
  readonly inflow: number;
  /** Parts that the bucket holds. */
  readonly capacity: number;
}

const periods = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * Puts a declared quota in whole numbers.
 *
 * @throws GatewayError HF_GATEWAY_CONFIGURATION where they would be beyond 2^53
 */
export function countedQuota({ per, of = 'requests', role, model, rate, burst }: Quota): CountedQuota {
  const [amount, period] = parsedRate(rate);
  const common = greatestCommonDivisor(amount, period);
  const unit = period / common;
  const held = burst ?? Math.max(1, Math.floor((amount * 1000) / period));
  const capacity = held * unit;
  if (!Number.isSafeInteger(capacity) || held < 1) {
    const message = `\`${rate}\` with a burst of ${held} cannot be counted exactly: take a rounder rate or a smaller burst`;
    throw new GatewayError('HF_GATEWAY_CONFIGURATION', message, { where: 'gateway.callers.quotas' });
  }
  const who = role === undefined || per === 'role' ? '' : ` with ${role}`;
  const name = `${of} per ${per}${per === 'role' && role !== undefined ? ` ${role}` : who}${model === undefined ? '' : ` for ${model}`}`;
  return { name, per, of, role, model, unit, inflow: amount / common, capacity };
}

function parsedRate(rate: string): readonly [amount: number, period: number] {
  const match = /^([1-9][0-9]{0,8})\/([smhd])$/.exec(rate);
  if (match === null) {
    throw new GatewayError('HF_GATEWAY_CONFIGURATION', `\`${rate}\` is no rate such as \`100/s\``, {
      where: 'gateway.callers.quotas',
    });
  }
  return [Number(match[1]), periods[match[2] as keyof typeof periods]];
}

function greatestCommonDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestCommonDivisor(other, one % other);
}

/** Takes note of one bucket of a request. `parts` is how much the request takes from it, at least 1. */
export type BucketVisitor = (quota: CountedQuota, place: number, key: string, parts: number) => void;

/**
 * Visits every bucket that a request takes from, each once.
 *
 * @throws GatewayError HF_GATEWAY_INTERNAL for a cost that is no number, or below zero
 */
export function eachBucket(
  quotas: readonly CountedQuota[],
  { caller, model, cost }: { readonly caller: Caller; readonly model: string; readonly cost: Cost },
  visit: BucketVisitor,
): void {
  for (let place = 0; place < quotas.length; place++) {
    const quota = quotas[place] as CountedQuota;
    if (quota.model !== undefined && quota.model !== model) continue;
    if (quota.role !== undefined && !caller.roles.includes(quota.role)) continue;
    const parts = partsOf(quota, cost);
    if (parts === 0) continue;
    if (quota.per === 'caller') visit(quota, place, caller.id, parts);
    else if (quota.per === 'tenant') visit(quota, place, caller.tenant, parts);
    else if (quota.per === 'model') visit(quota, place, model, parts);
    else if (quota.role !== undefined) visit(quota, place, quota.role, parts);
    else eachRole(quota, place, caller.roles, parts, visit);
  }
}

function eachRole(
  quota: CountedQuota,
  place: number,
  roles: readonly string[],
  parts: number,
  visit: BucketVisitor,
): void {
  for (let at = 0; at < roles.length; at++) {
    const role = roles[at] as string;
    // One that is named twice has one bucket.
    if (roles.indexOf(role) === at) visit(quota, place, role, parts);
  }
}

/** A part of a token costs a whole one. More than can be counted is more than any bucket holds. */
function partsOf({ of, unit }: CountedQuota, cost: Cost): number {
  const tokens = Math.ceil(cost[of]);
  if (!(tokens >= 0)) throw new GatewayError('HF_GATEWAY_INTERNAL', 'what a request costs is no number');
  return tokens * unit;
}
