import type { Judgement } from '../protection.ts';
import { type Response, type ResponsePolicy, responses } from './response-policy.ts';

/** Where a caller stands. Plain JSON. */
export interface CallerStanding {
  readonly points: number;
  /** When the points were counted. */
  readonly atMs: number;
  readonly response: Response;
  /** When the response ends; of no meaning for `none`. */
  readonly untilMs: number;
}

/** A change of what becomes of a caller: what is logged, and signed where that is asked for. */
export interface ResponseChange {
  readonly from: Response;
  readonly to: Response;
  readonly atMs: number;
  readonly untilMs: number;
  /** The rule that brought it, or `expired`. */
  readonly reason: string;
  readonly points: number;
}

export const goodStanding: CallerStanding = { points: 0, atMs: 0, response: 'none', untilMs: 0 };

export interface Heeded {
  readonly standing: CallerStanding;
  readonly change?: ResponseChange;
}

/** What a judgement makes of a caller: points add up and fade, and a response never becomes milder before it ends. */
export function heedJudgement(
  policy: ResponsePolicy,
  standing: CallerStanding,
  { judgement, nowMs, factor = 1 }: { readonly judgement: Judgement; readonly nowMs: number; readonly factor?: number },
): Heeded {
  const { standing: now } = expire(policy, standing, nowMs);
  const points = now.points + pointsOf(policy, judgement.rule);
  const step = policy.steps.findLast(({ at }) => points >= at * factor);
  const counted = { ...now, points };
  if (step === undefined) return { standing: counted };
  const isHarder = responses.indexOf(step.response) > responses.indexOf(now.response);
  // What goes on is made longer when half of it is over, not with every request.
  const isLonger = step.response === now.response && now.untilMs - now.atMs < step.forMs / 2;
  if (!isHarder && !(isLonger && points > now.points)) return { standing: counted };
  const next = { ...counted, response: step.response, untilMs: Math.max(now.untilMs, now.atMs + step.forMs) };
  const { untilMs } = next;
  const change = { from: now.response, to: step.response, atMs: now.atMs, untilMs, reason: judgement.rule, points };
  return { standing: next, change };
}

/** Where a caller stands at a time: faded points, and what has ended is over. */
export function expire(policy: ResponsePolicy, standing: CallerStanding, nowMs: number): Heeded {
  // A clock that goes back changes nothing.
  const atMs = Math.max(nowMs, standing.atMs);
  const points = standing.points * 0.5 ** ((atMs - standing.atMs) / policy.halfLifeMs);
  if (standing.response === 'none' || atMs < standing.untilMs) return { standing: { ...standing, points, atMs } };
  const change = { from: standing.response, to: 'none', atMs, untilMs: atMs, reason: 'expired', points } as const;
  return { standing: { points, atMs, response: 'none', untilMs: 0 }, change };
}

/** Of the longest beginning of a rule that ends at a dot or its end. */
function pointsOf({ points }: ResponsePolicy, rule: string): number {
  for (let end = rule.length; end > 0; end = rule.lastIndexOf('.', end - 1)) {
    const name = rule.slice(0, end);
    if (Object.hasOwn(points, name)) return points[name] as number;
  }
  return 0;
}
