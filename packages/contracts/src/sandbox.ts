import { z } from 'zod';
import { duration } from './duration.ts';
import { hostWithPort } from './host.ts';
import { listOf, strict } from './shapes.ts';
import { size } from './size.ts';
import { expected, refused } from './wording.ts';

const network = z.union(
  [
    z.literal('none'),
    listOf(hostWithPort, 'a list of host names', 64).min(1, { error: 'is an empty list: write `none`' }),
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

const acceleratorRule = '`gpu` or `none`';
const accelerator = z.enum(['gpu', 'none'], { error: expected(acceleratorRule) });

/** A whole number of things that the kernel counts, from 1 to `most`. */
function count(what: string, most: number) {
  return z
    .int({ error: expected(`a number of ${what} such as \`64\``) })
    .min(1, { error: refused('is not more than zero') })
    .max(most, { error: refused(`is more than ${most}`) });
}

/** PID_MAX_LIMIT of `linux/threads.h` on 64 bits. */
const mostProcesses = 4_194_304;
/** NR_OPEN of `linux/fs.h`, the default of `fs.nr_open`. */
const mostFiles = 1_048_576;

/** The levels of isolation that can be demanded, weakest first. */
export const isolations = ['none', 'sandbox', 'container', 'vm'] as const;
const levels = '`none`, `sandbox`, `container` or `vm`';

const written = strict({
  network: network.default('none').describe('`none` (the default), or the hosts that may be reached.'),
  memory: size.exactOptional().describe('The most memory, such as `4GiB`.'),
  cpus: cpus.exactOptional().describe('The most processors, such as `2` or `0.5`.'),
  time: duration.exactOptional().describe('The longest run, such as `30m`.'),
  processes: count('processes', mostProcesses)
    .exactOptional()
    .describe('The most processes and threads at a time, such as `256`.'),
  files: count('open files', mostFiles).exactOptional().describe('The most open files of one process, such as `1024`.'),
  output: size
    .exactOptional()
    .describe('The most bytes that the outputs may have, one of them and all together, such as `10GiB`.'),
  gpu: gpu.exactOptional().describe('`none`, `all`, or how many devices may be used.'),
  accelerator: accelerator
    .exactOptional()
    .describe('`gpu` is short for `gpu: all`, `none` for `gpu: none`; one of the two keys, not both.'),
  isolation: z
    .enum(isolations, { error: expected(levels) })
    .exactOptional()
    .describe(`The level that is demanded, ${levels}, weakest first; where it cannot be had, the stage does not run.`),
});

/** What a stage may reach and use. Without a word on the network there is none. */
export const sandbox = written
  .superRefine(({ accelerator, gpu }, context) => {
    if (accelerator === undefined || gpu === undefined) return;
    const message = 'says what `gpu` says, too: write one of the two';
    context.addIssue({ code: 'custom', path: ['accelerator'], message });
  })
  .transform(({ accelerator, ...rest }) =>
    accelerator === undefined ? rest : { ...rest, gpu: accelerator === 'gpu' ? ('all' as const) : ('none' as const) },
  );
export type Sandbox = z.output<typeof sandbox>;
