import { adversarialOptions } from '@holdfast/trials/hardening/adversarial-options';
import type { CommandModule } from '../command.ts';
import { givenOptions } from '../given-options.ts';
import { runHardening } from '../harden/run-hardening.ts';
import { trainHardening } from '../harden/train-hardening.ts';
import { trainingReadings } from '../harden/training-flags.ts';

export const run: CommandModule['run'] = async (invocation, terminal) => {
  const own = { method: 'text', steps: 'number', 'step-size': 'number', beta: 'number', smoothing: 'number' } as const;
  const options = adversarialOptions(givenOptions(invocation, { ...trainingReadings, ...own }));
  const { hardenAdversarial } = await import('@holdfast/trials/hardening/harden');
  const about = { kind: 'adversarial', method: options.method };
  const hardening = trainHardening(invocation, about, options, async (bytes, where) =>
    hardenAdversarial(bytes, options, where),
  );
  return runHardening(invocation, terminal, hardening);
};
