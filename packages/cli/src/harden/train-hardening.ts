import { rm } from 'node:fs/promises';
import type { Hardened, HardenSurroundings } from '@holdfast/trials/hardening/harden';
import type { TrainingOptions } from '@holdfast/trials/hardening/training-options';
import { flag, type Invocation } from '../command.ts';
import { pathIn } from '../invocation.ts';
import type { Hardening } from './run-hardening.ts';
import { trainingLines } from './training-lines.ts';

/** A kind of hardening that trains: it keeps what it needs to go on beside the new file. */
export function trainHardening(
  invocation: Invocation,
  { kind, method }: { readonly kind: string; readonly method: string },
  options: TrainingOptions,
  harden: (bytes: Uint8Array, where: HardenSurroundings) => Promise<Hardened>,
): Hardening {
  const { ball, bounds, seed, threads, normalise, test } = options;
  return {
    ...{ kind, seed, threads, ...(normalise === undefined ? {} : { normalise }) },
    make: async (bytes, { output, ...around }) => {
      const kept = { checkpoint: checkpointOf(output), resume: flag(invocation, 'resume') };
      const { bytes: after, measuredOn, ...report } = await harden(bytes, { ...around, ...kept });
      const read = Object.entries(report.samples).map(([name, digest]) => ({
        path: pathIn(invocation, name === 'test' ? (options.test ?? '') : options.data),
        digest,
      }));
      return {
        ...{ read, parameters: { ...options } },
        ...{ bytes: after, measuredOn, threat: { ball, bounds }, report: { method, options, ...report } },
        measuredWith: test === undefined ? 'held-out samples, which it was chosen by' : `samples of ${test}`,
        lines: trainingLines(report, options, method),
      };
    },
    done: async (output) => rm(checkpointOf(output), { force: true }),
  };
}

const checkpointOf = (output: string): string => `${output}.checkpoint`;
