import { z } from 'zod';
import { duration } from './duration.ts';
import { challenge, hasOneServer, launch, oneServer, upstream } from './gateway-binding.ts';
import { callers } from './gateway-callers.ts';
import { canary } from './gateway-canary.ts';
import { idempotency } from './gateway-idempotency.ts';
import { gatewayListener } from './gateway-listener.ts';
import { peerLimits } from './gateway-peers.ts';
import { protections } from './gateway-protections.ts';
import { servedModel } from './gateway-served.ts';
import { gatewayWatch } from './gateway-watch.ts';
import { workers } from './gateway-workers.ts';
import { name, projectPath } from './scalars.ts';
import { listOf, strict } from './shapes.ts';
import { size } from './size.ts';
import { expected, refused } from './wording.ts';

/** Protocols that the gateway reads. */
export const protocolNames = [
  'open-inference',
  'tensorflow-serving',
  'mlflow',
  'torchserve',
  'sagemaker',
  'json',
  'openai-chat',
] as const;

const path = z
  .string({ error: expected('a path such as `/credit`') })
  .regex(/^\/(?:[a-z0-9_-][a-z0-9._-]*(?:\/[a-z0-9_-][a-z0-9._-]*){0,7})?$/i, {
    error: refused('is not a path such as `/credit`: letters, digits, `.`, `_`, `-` between slashes, none at the end'),
  });

/** How a name of the model at the model server is written: a part of a path. */
const servedName = z
  .string({ error: expected('the name that the model server has for the model') })
  .regex(/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$/, {
    error: refused('is not a name in a path: letters, digits, `.`, `_`, `-`'),
  });

const limits = strict({
  body: size.exactOptional().describe('The longest body of a request; `8MiB` when left out.'),
  answer: size.exactOptional().describe('The longest answer of the model server; `64MiB` when left out.'),
  time: duration.exactOptional().describe('How long the model server may take; `30s` when left out.'),
  concurrency: z
    .int({ error: expected('a whole number') })
    .min(1)
    .max(65_536)
    .exactOptional()
    .describe('Requests that may be at the model server at once; 256 when left out.'),
  ...peerLimits,
  idempotency: idempotency.exactOptional().describe('Requests with an `idempotency-key` are executed once.'),
});

const route = strict({
  model: name.describe('The artifact that is served.'),
  environment: name.describe('The environment whose gate must have let it through.'),
  upstream: upstream.exactOptional().describe('Where the model server listens.'),
  launch: launch.exactOptional().describe('In place of `upstream`: how the gateway starts the model server itself.'),
  challenge: challenge.exactOptional().describe('How the model server is tried against the very file.'),
  canary: canary.exactOptional().describe('A second model that answers some callers, or copies of what they ask.'),
  path: path.exactOptional().describe('Where callers find it; the rest of their path goes to the model server. `/`.'),
  protocol: z
    .enum(protocolNames, { error: expected(protocolNames.map((each) => `\`${each}\``).join(', ')) })
    .exactOptional()
    .describe('How predictions are asked for; `open-inference` when left out.'),
  served: servedName.exactOptional().describe('What the model server calls the model; the name of the artifact.'),
  ...servedModel,
  limits: limits.exactOptional().describe('How much, and how long.'),
  protections: protections.exactOptional().describe('What is looked at while it serves.'),
}).refine(hasOneServer, { error: oneServer });

/** The inference proxy: which model is served where, and to whom. */
export const gateway = strict({
  listen: gatewayListener.exactOptional().describe('Where callers connect to.'),
  callers: callers.exactOptional().describe('Who may call, and how much. Without it everybody on this machine.'),
  policy: projectPath.exactOptional().describe('Who may `invoke` which model: Cedar, such as `policy/invoke.cedar`.'),
  recheck: duration
    .exactOptional()
    .describe('How often evidence and gate are asked again when nothing changes; `60s` when left out.'),
  log: strict({
    every: duration.exactOptional().describe('How often what was logged becomes evidence; `60s` when left out.'),
  })
    .exactOptional()
    .describe('The log of requests.'),
  workers: workers.exactOptional(),
  watch: gatewayWatch.exactOptional().describe('Metrics and a live page, on a port of their own.'),
  routes: listOf(route, 'a list of routes', 256)
    .describe('One entry for each model that is served.')
    .refine((routes) => new Set(routes.map(({ path: own = '/' }) => own.toLowerCase())).size === routes.length, {
      error: 'has two routes with the same `path`',
    }),
});
export type Gateway = z.output<typeof gateway>;
export type Route = z.output<typeof route>;
