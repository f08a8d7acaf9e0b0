import type { GatewayResponse } from '@holdfast/contracts/gateway-response';
import type { ResponseStep } from '@holdfast/gateway/protection/response/response-policy';
import type { RoutePolicy } from '@holdfast/gateway/protection/response/standings';

const usualPoints = { extraction: 10, evasion: 5, anomaly: 1 };
const hour = 3_600_000;

/** What becomes of the callers of a route, from what is declared. */
export function routePolicyOf(declared: GatewayResponse): RoutePolicy {
  const { points = usualPoints, halfLife = hour, throttle, model, tuning } = declared;
  return {
    steps: stepsOf(declared),
    points: Object.fromEntries(Object.entries(points).map(([rule, each]) => [`gateway.${rule}`, each])),
    ...{ halfLifeMs: halfLife, throttleMs: throttle?.every ?? 1000 },
    ...(model === undefined ? {} : { model: { at: model.at, forMs: model.for } }),
    ...(tuning === undefined ? {} : { tuning: { step: 1.25, direction: 'both', ...tuning } }),
  };
}

/** Those that are declared, from mild to hard. */
function stepsOf({ throttle, lessDetail, quarantine, block }: GatewayResponse): ResponseStep[] {
  const declared = [
    ['throttle', throttle],
    ['less-detail', lessDetail],
    ['quarantine', quarantine],
    ['block', block],
  ] as const;
  return declared.flatMap(([response, step]): ResponseStep[] =>
    step === undefined ? [] : [{ response, at: step.at, forMs: step.for }],
  );
}
