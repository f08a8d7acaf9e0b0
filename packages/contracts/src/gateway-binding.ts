import { z } from 'zod';
import { duration } from './duration.ts';
import { line, projectPath } from './scalars.ts';
import { listOf, strict } from './shapes.ts';
import { expected, refused } from './wording.ts';

/** An HTTP origin with a path: no credentials, query or fragment, which a proxy would have to drop or leak. */
export const upstream = z
  .string({ error: expected('an HTTP address such as `http://127.0.0.1:9000`') })
  .max(2048, { error: 'is longer than 2048 characters' })
  .refine(isUpstream, {
    error: refused('is not an HTTP address without user name, query and fragment, such as `http://127.0.0.1:9000`'),
  });

function isUpstream(text: string): boolean {
  if (!/^https?:\/\/[!-~]+$/.test(text) || /[?#\\]/.test(text) || !URL.canParse(text)) return false;
  const url = new URL(text);
  return url.username === '' && url.password === '' && !/^https?:\/\/[^/]*@/.test(text);
}

const environment = z
  .record(
    z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, { error: refused('is not the name of a variable') }),
    z.string({ error: expected('a text') }).max(4096, { error: 'is longer than 4096 characters' }),
    { error: expected('variables and their values') },
  )
  .refine((map) => Object.keys(map).length <= 64, { error: 'holds more than 64 variables' });

/** A model server that the gateway starts itself, on its own copy of the admitted bytes. */
export const launch = strict({
  command: listOf(line('a program or an argument', 4096), 'a program and its arguments', 256)
    .min(1, { error: 'names no program' })
    .refine((words) => words.some((word) => word.includes('{port}')), {
      error: 'says nowhere `{port}`: the gateway hands over one that is free',
    })
    .describe('Program and arguments, without a shell; `{port}` and `{model}` are put in.'),
  environment: environment
    .exactOptional()
    .describe('Variables of the server, beside a few fixed ones; nothing else of the gateway’s gets there.'),
  ready: z
    .string({ error: expected('a path such as `/ping`') })
    .regex(/^\/[!-~]{0,1023}$/, { error: refused('is not a path such as `/ping`') })
    .exactOptional()
    .describe('Answers with 2xx once the server is ready; left out, what the protocol has for that.'),
  start: duration.exactOptional().describe('How long it may take until it answers; `1m` when left out.'),
});
export type Launch = z.output<typeof launch>;

/** Fresh rows that the model server has to answer as the very file does. */
export const challenge = strict({
  data: projectPath.describe('The data set whose rows are mixed and moved: CSV, Parquet, JSON lines, npy or npz.'),
  rows: z
    .int({ error: expected('a whole number') })
    .min(1)
    .max(1024)
    .exactOptional()
    .describe('Rows of a challenge; 8 when left out.'),
  tolerance: z
    .number({ error: expected('a number') })
    .gt(0)
    .max(0.1)
    .exactOptional()
    .describe('How far an answer may differ, as a part of it (of 1 where it is less); 0.0001 when left out.'),
  every: duration.exactOptional().describe('From one challenge to the next; `5m` when left out.'),
});
export type Challenge = z.output<typeof challenge>;

export const oneServer = 'says either `upstream` or `launch`';
export const hasOneServer = (route: { readonly upstream?: unknown; readonly launch?: unknown }): boolean =>
  (route.upstream === undefined) !== (route.launch === undefined);
