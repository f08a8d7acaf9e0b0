import type { Admissions } from '@holdfast/gateway/admission/admissions';
import { anybody } from '@holdfast/gateway/callers/anybody';
import { Upstream } from '@holdfast/gateway/http/upstream';
import type { RequestLog } from '@holdfast/gateway/log/request-log';
import { openInference } from '@holdfast/gateway/protocols/open-inference/open-inference';
import { unlimited } from '@holdfast/gateway/quotas/unlimited';
import type { Chain, ServingEvents } from '@holdfast/gateway/serve/chain';
import type { Route } from '@holdfast/gateway/serve/route';
import type { DeclaredGateway, DeclaredRoute } from './declared-gateway.ts';

export interface ComposedParts {
  readonly admissions: Admissions;
  readonly log: RequestLog;
  readonly events: ServingEvents;
}

/** What a request goes through, from what is declared. */
export function composeChain({ routes }: DeclaredGateway, { admissions, log, events }: ComposedParts): Chain {
  return {
    routes: routes.map(routeOf),
    authenticator: anybody,
    authorise: () => true,
    quotas: unlimited,
    admission: ({ place }) => admissions.at(place),
    log: (entry, written) => {
      log.append(entry, written);
    },
    events,
  };
}

/** Of a body of `mostBytes`: an element takes two characters at least, a comma and a digit. */
const bodiesOf = (mostBytes: number) => ({ elements: Math.ceil(mostBytes / 2), depth: 16, count: 1024 });

function routeOf(declared: DeclaredRoute, place: number): Route {
  const { model, environment, path, served, mostBytes, mostAnswer, timeMs, concurrency } = declared;
  return {
    ...{ place, model, environment, mostBytes, bodies: bodiesOf(Math.max(mostBytes, mostAnswer)) },
    prefix: path === '/' ? '' : path,
    protocol: openInference({ served }),
    upstream: new Upstream(declared.upstream, { answer: mostAnswer, timeMs, concurrency }),
  };
}
