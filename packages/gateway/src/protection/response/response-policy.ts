import { GatewayError } from '../../errors.ts';

/** What may become of a caller, from mild to hard. */
export const responses = ['none', 'throttle', 'less-detail', 'quarantine', 'block'] as const;
export type Response = (typeof responses)[number];

export interface ResponseStep {
  readonly response: Exclude<Response, 'none'>;
  /** Points from which on it holds. */
  readonly at: number;
  /** For how long. */
  readonly forMs: number;
}

/** Thresholds are multiplied by a factor that is tuned, within bounds and in one direction or both; it starts at 1. */
export interface Tuning {
  readonly least: number;
  readonly most: number;
  /** By how much one change multiplies or divides. */
  readonly step: number;
  /** `stricter` only lowers thresholds, `milder` only raises them. */
  readonly direction: 'stricter' | 'milder' | 'both';
}

export interface ResponsePolicy {
  /** From mild to hard, with rising points. */
  readonly steps: readonly ResponseStep[];
  /** Points of a judgement by the longest beginning of its rule: `gateway.extraction` or `gateway.schema.range`. Rules that are not named have none. */
  readonly points: Readonly<Record<string, number>>;
  /** After so long half of the points are forgotten. */
  readonly halfLifeMs: number;
  readonly tuning?: Tuning;
}

/** @throws GatewayError HF_GATEWAY_CONFIGURATION for a policy that could not be followed */
export function requirePolicy({ steps, points, halfLifeMs, tuning }: ResponsePolicy): void {
  let [rank, least] = [0, 0];
  for (const { response, at, forMs } of steps) {
    if (responses.indexOf(response) <= rank) throw wrong(`\`${response}\` does not come after a milder response`);
    if (!(at > least && at < Number.POSITIVE_INFINITY))
      throw wrong(`the points of \`${response}\` are not above those before`);
    if (!isTime(forMs)) throw wrong(`\`${response}\` has no end`);
    [rank, least] = [responses.indexOf(response), at];
  }
  if (Object.values(points).some((each) => !(each >= 0 && each < Number.POSITIVE_INFINITY)))
    throw wrong('points are numbers from 0 on');
  if (!isTime(halfLifeMs)) throw wrong('`halfLifeMs` is a time');
  if (tuning === undefined) return;
  const { least: low, most: high, step } = tuning;
  if (
    !(
      low > 0 &&
      low <= 1 &&
      high >= 1 &&
      high < Number.POSITIVE_INFINITY &&
      step > 1 &&
      step < Number.POSITIVE_INFINITY
    )
  ) {
    throw wrong('tuning has bounds around 1, above 0, and a step above 1');
  }
}

/** At most a year: what is to be for ever is a matter of policy, not of points. */
const isTime = (ms: number): boolean => ms > 0 && ms <= 366 * 86_400_000;

const wrong = (message: string): GatewayError => new GatewayError('HF_GATEWAY_CONFIGURATION', message);
