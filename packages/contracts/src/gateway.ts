import { z } from 'zod';
import { name } from './scalars.ts';
import { listOf, strict } from './shapes.ts';
import { expected, refused } from './wording.ts';

/** An HTTP origin with a path: no credentials, query or fragment, which a proxy would have to drop or leak. */
const upstream = z
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

const route = strict({
  model: name.describe('The artifact that is served.'),
  environment: name.describe('The environment whose gate must have let it through.'),
  upstream: upstream.describe('Where the model server listens.'),
});

/** The inference proxy: which model is served where. */
export const gateway = strict({
  routes: listOf(route, 'a list of routes', 256).describe('One entry for each model that is served.'),
});
export type Gateway = z.output<typeof gateway>;
export type Route = z.output<typeof route>;
