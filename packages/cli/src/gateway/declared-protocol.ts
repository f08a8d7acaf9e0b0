import type { Gateway as GatewayConfiguration, Route } from '@holdfast/contracts';
import { GatewayError } from '@holdfast/gateway';
import { type ProtocolName, protocolOf, type ServedModel } from '@holdfast/gateway/protocols/protocols';
import { defaultStreamLimits, type StreamLimits } from '@holdfast/gateway/serve/stream/stream-limits';

/** Protocols whose paths can have a version, and those that do not say what the only input and output are called. */
const versioned: ReadonlySet<ProtocolName> = new Set(['open-inference', 'tensorflow-serving', 'torchserve']);
const unnamed: ReadonlySet<ProtocolName> = new Set(['tensorflow-serving', 'mlflow', 'torchserve', 'sagemaker']);

/**
 * What a route says of its protocol has to be something that the protocol has: nobody is to believe that it counts where it does not.
 * @throws GatewayError HF_GATEWAY_CONFIGURATION
 */
export function requireProtocol(route: Route, callers: GatewayConfiguration['callers']): void {
  const { protocol = 'open-inference', version, signature, input, output, json, limits = {} } = route;
  const isChat = protocol === 'openai-chat';
  const takesInput = unnamed.has(protocol) || json?.rows !== undefined;
  const wrong = [
    ['version', version !== undefined && !versioned.has(protocol)],
    ['signature', signature !== undefined && protocol !== 'tensorflow-serving'],
    ['input', input !== undefined && !takesInput],
    ['output', output !== undefined && !unnamed.has(protocol)],
    ['json', json !== undefined && protocol !== 'json'],
    ['limits.tokens', limits.tokens !== undefined && !isChat],
    ['limits.stream', limits.stream !== undefined && !isChat],
  ] as const;
  for (const [key, isWrong] of wrong) if (isWrong) throw configuration(`\`protocol: ${protocol}\` has no \`${key}\``);
  if (isChat) requireChat(route, callers);
  // What stands in it is refused where it is used; it is to be refused before anything listens.
  routeProtocol(route);
}

/** Text is passed on: what looks at tensors finds none in it, and what counts its cost has to be told of it. */
function requireChat({ model, protections = {}, limits = {} }: Route, callers: GatewayConfiguration['callers']): void {
  for (const [name, asked] of Object.entries(protections)) {
    if (asked !== 'off') throw configuration(`\`protections.${name}\` looks at tensors, and a chat has none`);
  }
  const counts = (callers?.quotas ?? []).some(({ of, model: only = model }) => of === 'cost' && only === model);
  if (counts && limits.tokens === undefined) {
    throw configuration(
      'a quota of `cost` counts the tokens of a chat only where `limits.tokens` has callers say them',
    );
  }
}

/** A chat is looked at by nothing, whatever kind of file its model is. */
export const protectionsOf = ({ protocol, protections }: Route) =>
  protocol === 'openai-chat' ? { protections: { schema: 'off' as const } } : { ...(protections && { protections }) };

/** How predictions are asked for on a route. */
export function routeProtocol(route: Route) {
  const { protocol = 'open-inference', served = route.model, version, signature, input, output, json, limits } = route;
  const model: ServedModel = {
    served,
    ...(version === undefined ? {} : { version }),
    ...(signature === undefined ? {} : { signature }),
    ...(input === undefined ? {} : { input }),
    ...(output === undefined ? {} : { output }),
    ...(limits?.tokens === undefined ? {} : { mostTokens: limits.tokens }),
    ...(json === undefined ? {} : { json: pointersOf(json, input) }),
  };
  return protocolOf(protocol, model);
}

type Json = NonNullable<Route['json']>;

function pointersOf(
  { path, inputs = {}, rows, outputs, live }: Json,
  input = 'input',
): NonNullable<ServedModel['json']> {
  const tensors = (pointers: Readonly<Record<string, string>>) =>
    Object.entries(pointers).map(([name, pointer]) => ({ name, pointer }));
  return {
    ...{ path, inputs: tensors(inputs), outputs: tensors(outputs) },
    ...(rows === undefined ? {} : { rows: { pointer: rows, input } }),
    ...(live === undefined ? {} : { live }),
  };
}

/** What a route says of slow callers, and of answers that come piece by piece. */
export function peerLimits({ limits: { readTime, stream } = {} }: Route): {
  readonly readMs?: number;
  readonly stream: StreamLimits;
} {
  const { frames, between, total } = stream ?? {};
  return {
    ...(readTime === undefined ? {} : { readMs: readTime }),
    stream: {
      ...defaultStreamLimits,
      ...(frames === undefined ? {} : { frames }),
      ...(between === undefined ? {} : { betweenMs: between }),
      ...(total === undefined ? {} : { totalMs: total }),
    },
  };
}

const configuration = (message: string): GatewayError => new GatewayError('HF_GATEWAY_CONFIGURATION', message);
