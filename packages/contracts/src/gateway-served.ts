import { z } from 'zod';
import { listOf, strict } from './shapes.ts';
import { expected, refused } from './wording.ts';

const tensorName = z
  .string({ error: expected('the name of a tensor') })
  .min(1)
  .max(256, { error: 'is longer than 256 characters' });

const pathPart = (what: string) =>
  z
    .string({ error: expected(what) })
    .regex(/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$/, { error: refused('has other than letters, digits, `.`, `_`, `-`') });

const pointer = z
  .string({ error: expected('a JSON pointer such as `/rows`') })
  .max(1024, { error: 'is longer than 1024 characters' })
  .regex(/^(?:\/(?:[^/~]|~[01])*)*$/, {
    error: refused('is no JSON pointer such as `/rows` or `/0/score` (RFC 6901)'),
  });

const pointers = (what: string) =>
  z.record(tensorName, pointer, { error: expected(what) }).refine((map) => Object.keys(map).length <= 1024, {
    error: 'holds more than 1024 entries',
  });

const ownPath = z
  .string({ error: expected('a path such as `/predict`') })
  .max(1024, { error: 'is longer than 1024 characters' })
  .regex(/^(?:\/[A-Za-z0-9_~:@-][A-Za-z0-9._~:@-]*)+$/, { error: refused('is not a plain path such as `/predict`') });

const json = strict({
  path: ownPath.describe('Where a prediction is asked for, below the route.'),
  inputs: pointers('a mapping from inputs to JSON pointers')
    .exactOptional()
    .describe('Where the value of each input stands in a request.'),
  rows: pointer
    .exactOptional()
    .describe('Where a list of rows stands in a request: an object with a value for each input, or one value.'),
  outputs: pointers('a mapping from outputs to JSON pointers').describe('Where the value of each output stands.'),
  live: listOf(ownPath, 'a list of paths', 16)
    .exactOptional()
    .describe('Paths of GET that say whether the server lives.'),
}).refine(({ inputs, rows }) => (inputs === undefined) !== (rows === undefined), {
  error: 'says either `inputs` or `rows`',
});

/** What a protocol has to know of the model and of its server, beyond its name. */
export const servedModel = {
  version: pathPart('a version').exactOptional().describe('The version that callers may name in a path.'),
  signature: pathPart('a signature')
    .exactOptional()
    .describe('The signature of a TensorFlow model; `serving_default` when left out.'),
  input: tensorName
    .exactOptional()
    .describe('What the only input is called, for protocols that do not say it; `input` when left out.'),
  output: tensorName
    .exactOptional()
    .describe('What the only output is called, for protocols that do not say it; `output` when left out.'),
  json: json.exactOptional().describe('Where tensors stand, for `protocol: json`.'),
};
