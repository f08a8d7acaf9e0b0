import type { Admissions } from '@holdfast/gateway/admission/admissions';
import type { Authoriser } from '@holdfast/gateway/callers/authorise';
import type { Authenticator } from '@holdfast/gateway/callers/caller';
import { Upstream } from '@holdfast/gateway/http/upstream';
import type { Once } from '@holdfast/gateway/idempotency/once';
import type { RequestLog } from '@holdfast/gateway/log/request-log';
import { protocolOf } from '@holdfast/gateway/protocols/protocols';
import type { Quotas } from '@holdfast/gateway/quotas/quota';
import type { Chain, ServingEvents } from '@holdfast/gateway/serve/chain';
import type { Route } from '@holdfast/gateway/serve/route';
import type { DeclaredGateway, DeclaredRoute } from './declared-gateway.ts';

export interface ComposedParts {
  readonly authenticator: Authenticator;
  readonly authoriser: Authoriser;
  readonly quotas: Quotas;
  readonly admissions: Admissions;
  readonly log: RequestLog;
  readonly events: ServingEvents;
  readonly once: ReadonlyMap<string, Once>;
}

/** What a request goes through, from what is declared. */
export function composeChain({ routes }: DeclaredGateway, parts: ComposedParts): Chain {
  const { authenticator, authoriser, quotas, admissions, log, events } = parts;
  return {
    routes: routes.map((route, place) => withOnce(routeOf(route, place), parts.once.get(route.path))),
    authenticator,
    authorise: (caller, route, admission) => authoriser.authorise(caller, route, admission),
    quotas,
    admission: ({ place }) => admissions.at(place),
    log: (entry, written) => {
      log.append(entry, written);
    },
    events,
  };
}

const withOnce = (route: Route, once: Once | undefined): Route => (once === undefined ? route : { ...route, once });

/** Of a body of `mostBytes`: an element takes two characters at least, a comma and a digit. */
const bodiesOf = (mostBytes: number) => ({ elements: Math.ceil(mostBytes / 2), depth: 16, count: 1024 });

function routeOf(declared: DeclaredRoute, place: number): Route {
  const { model, environment, path, protocol, served, mostBytes, mostAnswer, timeMs, concurrency } = declared;
  return {
    ...{ place, model, environment, mostBytes, bodies: bodiesOf(Math.max(mostBytes, mostAnswer)) },
    prefix: path === '/' ? '' : path,
    protocol: protocolOf(protocol, { served }),
    upstream: new Upstream(declared.upstream, { answer: mostAnswer, timeMs, concurrency }),
  };
}
