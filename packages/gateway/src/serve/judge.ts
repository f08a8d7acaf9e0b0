import type { Caller } from '../callers/caller.ts';
import { GatewayError } from '../errors.ts';
import type { Guards } from '../protection/guards.ts';
import type { Judgement, ProtectionMode } from '../protection/protection.ts';
import type { InferenceRequest, InferenceResponse } from '../protocols/inference.ts';
import type { Chain } from './chain.ts';
import type { Route } from './route.ts';

export interface Judged {
  readonly route: Route;
  readonly caller: Caller;
  readonly guards: Guards;
  /** Rules that spoke, for the log. */
  readonly said: string[];
}

/** @throws GatewayError HF_GATEWAY_REFUSED for what a protection that is enforced does not let through */
export function judgeInput(chain: Chain, judged: Judged, request: InferenceRequest): void {
  if (request.isOpaque === true) refuseUnseen(judged);
  const now = Date.now();
  for (const { protection, mode } of judged.guards.inputs) {
    const judgement = protection.judge(request, judged.caller, now);
    if (judgement !== undefined) heed(chain, judged, judgement, mode, 'HF_GATEWAY_REFUSED');
  }
}

/** What no protection can read passes none that is enforced. */
function refuseUnseen({ guards, said }: Judged): void {
  if (guards.inputs.every(({ mode }) => mode === 'observe')) return;
  said.push('gateway.unseen');
  throw new GatewayError('HF_GATEWAY_REFUSED', 'nothing can be said of an input of this form', {
    where: 'gateway.unseen',
  });
}

/** @throws GatewayError HF_GATEWAY_THROTTLED for a caller whom a protection that is enforced does not answer any more */
export function judgeOutput(
  chain: Chain,
  judged: Judged,
  { request, response }: { readonly request: InferenceRequest; readonly response: InferenceResponse },
): void {
  const now = Date.now();
  const isPardoned = judged.guards.standings?.takePardon(judged.caller.id) === true;
  for (const { protection, mode } of judged.guards.outputs) {
    if (isPardoned) protection.forget?.(judged.caller);
    const judgement = protection.observe(request, response, judged.caller, now);
    if (judgement !== undefined) heed(chain, judged, judgement, mode, 'HF_GATEWAY_THROTTLED');
  }
}

/** How the answer to this caller is hardened. */
export function hardeningFor({ guards, caller }: Judged): Guards['harden'] {
  const { standings, harden, hardenMore = harden } = guards;
  return standings?.isLessDetail(caller.id, Date.now()) === true ? hardenMore : harden;
}

function heed(
  chain: Chain,
  { route, caller, said, guards }: Judged,
  judgement: Judgement,
  mode: Exclude<ProtectionMode, 'off'>,
  code: 'HF_GATEWAY_REFUSED' | 'HF_GATEWAY_THROTTLED',
): void {
  said.push(judgement.rule);
  chain.events.judged?.({ route, caller, judgement, isRefused: mode === 'enforce' });
  if (mode !== 'enforce') return;
  guards.standings?.heed(judgement, caller.id, Date.now());
  throw new GatewayError(code, judgement.message, { where: judgement.rule });
}
