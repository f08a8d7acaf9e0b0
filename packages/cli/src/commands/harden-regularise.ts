import { regulariseOptions } from '@holdfast/trials/hardening/regularise-options';
import type { CommandModule } from '../command.ts';
import { givenOptions } from '../given-options.ts';
import { runHardening } from '../harden/run-hardening.ts';
import { trainHardening } from '../harden/train-hardening.ts';
import { trainingReadings } from '../harden/training-flags.ts';

export const run: CommandModule['run'] = async (invocation, terminal) => {
  const own = { penalty: 'number', smoothing: 'number' } as const;
  const options = regulariseOptions(givenOptions(invocation, { ...trainingReadings, ...own }));
  const { hardenRegularised } = await import('@holdfast/trials/hardening/harden');
  const { penalty, smoothing } = options;
  const method = [
    ...(penalty > 0 ? [`penalty of ${penalty} on input gradients (exact, by double backpropagation)`] : []),
    ...(smoothing > 0 ? [`label smoothing of ${smoothing}`] : []),
  ].join(', ');
  const hardening = trainHardening(invocation, { kind: 'regularise', method }, options, async (bytes, where) =>
    hardenRegularised(bytes, options, where),
  );
  return runHardening(invocation, terminal, hardening);
};
