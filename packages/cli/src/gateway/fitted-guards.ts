import type { Protections } from '@holdfast/contracts/gateway-protections';
import { GatewayError } from '@holdfast/gateway';
import type { FittedProtections } from '@holdfast/gateway/fitting/fitted-protections';
import { anomalyProtection } from '@holdfast/gateway/protection/anomaly/anomaly-protection';
import { evasionProtection } from '@holdfast/gateway/protection/evasion/evasion-protection';
import { extractionProtection } from '@holdfast/gateway/protection/extraction/extraction-protection';
import type { Guards, Placed } from '@holdfast/gateway/protection/guards';
import type { InputProtection, OutputProtection } from '@holdfast/gateway/protection/protection';
import type { GuardedModel } from './guards-of.ts';

/**
 * Protections that were learnt, where they are asked for.
 * @throws GatewayError HF_GATEWAY_CONFIGURATION for what was not learnt, or not for this model
 */
export function fittedGuards(
  protections: Protections,
  { artifact, fitted }: Pick<GuardedModel, 'artifact' | 'fitted'>,
): Pick<Guards, 'inputs' | 'outputs'> {
  const { anomaly = 'off', evasion = 'off', extraction = 'off' } = protections;
  if ([anomaly, evasion, extraction].every((mode) => mode === 'off')) return { inputs: [], outputs: [] };
  if (fitted === undefined)
    throw wrong('`anomaly`, `evasion` and `extraction` are learnt: `protections.fitted` says from which file');
  if (fitted.model !== artifact) throw wrong('what was fitted is for another model');
  const inputs: Placed<InputProtection>[] = [];
  const { sources } = fitted;
  if (anomaly !== 'off') inputs.push({ protection: anomalyProtection(fitted.anomaly, sources), mode: anomaly });
  if (evasion !== 'off') {
    if (fitted.evasion === undefined) throw wrong('`evasion` was not learnt: ordinary rows are too much alike');
    inputs.push({ protection: evasionProtection(fitted.evasion, { sources }), mode: evasion });
  }
  if (extraction === 'off') return { inputs, outputs: [] };
  return { inputs, outputs: [{ protection: extractionGuard(fitted), mode: extraction }] };
}

function extractionGuard({ extraction, sources, output }: FittedProtections): OutputProtection {
  return extractionProtection(extraction, { sources, output: output.name, holds: output.holds });
}

const wrong = (message: string): GatewayError => new GatewayError('HF_GATEWAY_CONFIGURATION', message);
