import { pruneOptions } from '@holdfast/trials/hardening/compression-options';
import type { PrunedLayer } from '@holdfast/trials/hardening/prune';
import type { CommandModule } from '../command.ts';
import { givenOptions } from '../given-options.ts';
import { compressHardening } from '../harden/compress-hardening.ts';
import { compressionReadings } from '../harden/compression-flags.ts';
import { runHardening } from '../harden/run-hardening.ts';

export const run: CommandModule['run'] = async (invocation, terminal) => {
  const own = { share: 'number', structure: 'text', scope: 'text', sparse: 'flag' } as const;
  const options = pruneOptions(givenOptions(invocation, { ...compressionReadings, ...own }));
  const { pruneFile } = await import('@holdfast/trials/hardening/compress');
  const method = `${Number((100 * options.share).toFixed(1))} % of the ${options.structure}, by magnitude`;
  const about = { kind: 'prune', method, layer: layerText };
  const hardening = compressHardening(invocation, about, options, async (bytes) =>
    pruneFile(bytes, options, { folder: invocation.folder }),
  );
  return runHardening(invocation, terminal, hardening);
};

function layerText({ layer, operator, weights, kept, channels }: PrunedLayer): string {
  const of = channels === undefined ? '' : `, ${channels.after} of ${channels.before} channels`;
  return `${layer} (${operator}): ${kept} of ${weights} weights${of}`;
}
