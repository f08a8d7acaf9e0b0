import { readFileSync } from 'node:fs';
import { availableParallelism, homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Gateway as GatewayConfiguration, Route } from '@holdfast/contracts';
import { GatewayError } from '@holdfast/gateway';
import type { GatewayOptions } from '@holdfast/gateway/gateway';
import type { TlsMaterial } from '@holdfast/gateway/http/listener';
import { withCandidates } from './candidates.ts';
import { protectionsOf, requireProtocol } from './declared-protocol.ts';

const MiB = 2 ** 20;

/** A route with its defaults. */
export interface DeclaredRoute extends Route {
  readonly path: string;
  readonly protocol: NonNullable<Route['protocol']>;
  /** What the model server calls the model. */
  readonly served: string;
  readonly mostBytes: number;
  readonly mostAnswer: number;
  readonly timeMs: number;
  readonly concurrency: number;
  /** Of a candidate: the route that it may take over. */
  readonly candidateOf?: DeclaredRoute;
}

/** `gateway:` of holdfast.yaml with its defaults. */
export interface DeclaredGateway {
  readonly listen: GatewayOptions;
  /** Candidates come last: each as a route with another model, which callers find where the route is. */
  readonly routes: readonly DeclaredRoute[];
  readonly callers: GatewayConfiguration['callers'];
  readonly policy: string | undefined;
  readonly recheckMs: number;
  readonly logEveryMs: number;
  readonly drainMs: number;
  /** Processes that serve under a supervisor; undefined: this one serves. */
  readonly workers: number | undefined;
}

/**
 * @throws GatewayError HF_GATEWAY_CONFIGURATION for what is missing, or would serve what nobody may reach
 */
export function declaredGateway(declared: GatewayConfiguration | undefined, folder = '.'): DeclaredGateway {
  if (declared === undefined || declared.routes.length === 0) {
    throw configuration('holdfast.yaml declares no `gateway.routes`');
  }
  const { listen: { address = '127.0.0.1', port = 8080, tls } = {}, callers, policy, recheck, log } = declared;
  for (const route of declared.routes) requireProtocol(route, callers);
  const isLocal = address === '::1' || address.startsWith('127.');
  if (!isLocal && tls === undefined) throw configuration(`\`${address}\` is not only this machine: it takes \`tls\``);
  if (!isLocal && !hasCallers(callers)) {
    throw configuration(`\`${address}\` is not only this machine: say who may call, under \`callers\``);
  }
  if (callers?.certificates !== undefined && tls?.clients === undefined) {
    throw configuration('`callers.certificates` count where `listen.tls.clients` has certificates asked for');
  }
  return {
    listen: { address, port, ...(tls === undefined ? {} : { tls: materialOf(tls, folder) }) },
    routes: withCandidates(declared.routes.map(withDefaults)),
    callers,
    policy,
    recheckMs: recheck ?? 60_000,
    logEveryMs: log?.every ?? 60_000,
    drainMs: 10_000,
    workers: workersOf(declared),
  };
}

/** Quotas that each worker counts for itself would grant as much several times. */
function workersOf({ workers, callers, routes, watch }: GatewayConfiguration): number | undefined {
  const count = workers === 'auto' ? availableParallelism() : workers;
  for (const name of ['launch', 'challenge', 'canary'] as const) {
    if (count !== undefined && routes.some((route) => route[name] !== undefined)) {
      throw configuration(`\`${name}\` is looked after by one process: leave \`workers\` out`);
    }
  }
  if (count !== undefined && watch !== undefined) {
    throw configuration('`watch` counts in one process: leave `workers` out');
  }
  if (count !== undefined && routes.some(({ protections }) => protections?.response !== undefined)) {
    throw configuration('`protections.response` is looked after by one process: leave `workers` out');
  }
  if ((count ?? 1) > 1 && (callers?.quotas ?? []).length > 0 && callers?.shared === undefined) {
    throw configuration('several `workers` count `callers.quotas` together: say where, under `callers.shared`');
  }
  return count;
}

const hasCallers = (callers: GatewayConfiguration['callers']): boolean =>
  callers !== undefined && (callers.keys ?? callers.tokens ?? callers.certificates) !== undefined;

function withDefaults(route: Route): DeclaredRoute {
  const { body = 8 * MiB, answer = 64 * MiB, time = 30_000, concurrency = 256 } = route.limits ?? {};
  const { path = '/', protocol = 'open-inference', served = route.model } = route;
  return {
    ...route,
    ...protectionsOf(route),
    path,
    protocol,
    served,
    mostBytes: body,
    mostAnswer: answer,
    timeMs: time,
    concurrency,
  };
}

type Tls = NonNullable<NonNullable<GatewayConfiguration['listen']>['tls']>;

function materialOf({ certificate, key, clients }: Tls, folder: string): TlsMaterial {
  const asked = clients === undefined ? {} : { clients: textOf(join(folder, clients)) };
  return { certificate: textOf(join(folder, certificate)), key: textOf(atHome(key)), ...asked };
}

const atHome = (path: string): string => (path.startsWith('~/') ? resolve(homedir(), path.slice(2)) : path);

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw configuration(`\`${path}\` cannot be read`, cause);
  }
}

const configuration = (message: string, cause?: unknown): GatewayError =>
  new GatewayError('HF_GATEWAY_CONFIGURATION', message, cause === undefined ? {} : { cause });
