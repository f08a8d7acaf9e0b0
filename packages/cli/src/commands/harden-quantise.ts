import { quantiseOptions } from '@holdfast/trials/hardening/compression-options';
import type { QuantisedLayer } from '@holdfast/trials/hardening/quantise';
import type { CommandModule } from '../command.ts';
import { givenOptions, type Reading } from '../given-options.ts';
import { compressHardening } from '../harden/compress-hardening.ts';
import { compressionReadings } from '../harden/compression-flags.ts';
import { runHardening } from '../harden/run-hardening.ts';

const own: Readonly<Record<string, Reading>> = {
  ...{ calibration: 'text', percentile: 'number', activations: 'text', weights: 'text' },
  ...{ 'weight-bits': 'number', rows: 'number' },
};

export const run: CommandModule['run'] = async (invocation, terminal) => {
  const options = quantiseOptions(givenOptions(invocation, { ...compressionReadings, ...own }));
  const { quantiseFile } = await import('@holdfast/trials/hardening/compress');
  const method = `int8 by ${options.calibration ?? 'min-max'}, on at most ${options.rows} samples of ${options.data}`;
  const about = { kind: 'quantise', method, layer: layerText };
  const hardening = compressHardening(invocation, about, options, async (bytes) =>
    quantiseFile(bytes, options, { folder: invocation.folder }),
  );
  return runHardening(invocation, terminal, hardening);
};

function layerText({ layer, operator, kind, weights }: QuantisedLayer): string {
  const how = kind === 'integer' ? 'computed in int8' : 'stored in int8, computed in float32';
  return `${layer} (${operator}): ${weights} weights, ${how}`;
}
