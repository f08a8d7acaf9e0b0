import { fitProtections } from '@holdfast/gateway/fitting/fit-protections';
import { anomalyProtection } from '@holdfast/gateway/protection/anomaly/anomaly-protection';
import { extractionProtection } from '@holdfast/gateway/protection/extraction/extraction-protection';
import type { Guards } from '@holdfast/gateway/protection/guards';
import { randomOf } from '@holdfast/statistics';

/** Anomaly and extraction, learnt from rows like the one that the bench asks about: they look at it, and let it through. */
export function learntGuards(features: number): Pick<Guards, 'inputs' | 'outputs'> {
  const random = randomOf('rows of the bench');
  const rows = 4000;
  const values = Float64Array.from(
    { length: rows * features },
    (_, at) => Math.sin(at % features) + 0.5 * random.normal(),
  );
  const { sources, anomaly, extraction, output } = fitProtections({
    model: `sha256:${'a'.repeat(64)}`,
    sources: Array.from({ length: features }, (_, at) => ({ feature: `f${at}`, input: 'x', at })),
    output: { name: 'probability', holds: 'probabilities' },
    rows: {
      ...{ rows, columns: features, values },
      classes: Int32Array.from({ length: rows }, (_, row) => Number((values[row * features] ?? 0) > 0)),
      margins: Float64Array.from({ length: rows }, () => random.uniform()),
    },
    seed: 'bench',
  });
  const watched = { sources, output: output.name, holds: output.holds };
  return {
    inputs: [{ protection: anomalyProtection(anomaly, sources), mode: 'enforce' }],
    outputs: [{ protection: extractionProtection(extraction, watched), mode: 'enforce' }],
  };
}
