import { z } from 'zod';
import { duration } from './duration.ts';
import { hostPattern } from './scalars.ts';
import { listOf, strict } from './shapes.ts';
import { size } from './size.ts';
import { expected, refused } from './wording.ts';

const reachableHost = z
  .string({ error: expected('a host name, with a port if need be, such as `pypi.example:443`') })
  .max(259, { error: 'is longer than 259 characters' })
  .regex(new RegExp(`^${hostPattern}(?::[1-9][0-9]{0,4})?$`), {
    error: refused('is not a host name, with a port if need be, such as `pypi.example:443`'),
    abort: true,
  })
  .refine((host) => Number(/:([0-9]+)$/.exec(host)?.[1] ?? 1) <= 65_535, { error: refused('has a port above 65535') });

const network = z.union(
  [
    z.literal('none'),
    listOf(reachableHost, 'a list of host names', 64).min(1, { error: 'is an empty list: write `none`' }),
  ],
  { error: expected('`none` or a list of host names') },
);

const cpus = z
  .number({ error: expected('a number of processors such as `2`') })
  .gt(0, { error: refused('is not more than zero') })
  .max(1024, { error: refused('is more than 1024') });

const gpuRule = '`none`, `all` or a number of devices from 1 to 64';
const devices = z
  .int({ error: expected(gpuRule) })
  .min(1, { error: expected(gpuRule) })
  .max(64, { error: expected(gpuRule) });
const gpu = z.union([z.literal('none'), z.literal('all'), devices], { error: expected(gpuRule) });

/** The ways to isolate a stage that can be asked for by name. */
export const isolations = ['none', 'bwrap'] as const;

/** What a stage may reach and use. Without a word on the network there is none. */
export const sandbox = strict({
  network: network.default('none').describe('`none` (the default), or the hosts that may be reached.'),
  memory: size.exactOptional().describe('The most memory, such as `4GiB`.'),
  cpus: cpus.exactOptional().describe('The most processors, such as `2` or `0.5`.'),
  time: duration.exactOptional().describe('The longest run, such as `30m`.'),
  gpu: gpu.exactOptional().describe('`none`, `all`, or how many devices may be used.'),
  isolation: z
    .enum(isolations, { error: expected('`none` or `bwrap`') })
    .exactOptional()
    .describe('Which isolation is asked for; `none` is said loudly and recorded.'),
});
export type Sandbox = z.output<typeof sandbox>;
