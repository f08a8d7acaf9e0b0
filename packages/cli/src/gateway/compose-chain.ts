import type { Admissions } from '@holdfast/gateway/admission/admissions';
import type { BoundServer } from '@holdfast/gateway/binding/bound-server';
import type { Authoriser } from '@holdfast/gateway/callers/authorise';
import type { Authenticator } from '@holdfast/gateway/callers/caller';
import type { RequestLog } from '@holdfast/gateway/log/request-log';
import type { Quotas } from '@holdfast/gateway/quotas/quota';
import type { Chain, ServingEvents } from '@holdfast/gateway/serve/chain';
import { countingOutcomes } from '@holdfast/gateway/switching/outcomes';
import { composeRoutes, type SwitchingEvents } from './compose-routes.ts';
import type { DeclaredGateway } from './declared-gateway.ts';

export interface ComposedParts {
  readonly authenticator: Authenticator;
  readonly authoriser: Authoriser;
  readonly quotas: Quotas;
  readonly admissions: Admissions;
  readonly log: RequestLog;
  readonly events: ServingEvents;
  /** Of every route and candidate, in their order. */
  readonly servers: readonly BoundServer[];
  readonly switching: SwitchingEvents;
}

/** What a request goes through, from what is declared. */
export function composeChain(declared: DeclaredGateway, parts: ComposedParts): Chain {
  const { authenticator, authoriser, quotas, admissions, log, events, servers, switching } = parts;
  const { routes, canaries } = composeRoutes(declared.routes, { servers, admissions, switching });
  return {
    routes,
    authenticator,
    authorise: (caller, route, admission) => authoriser.authorise(caller, route, admission),
    quotas,
    admission: ({ place }) => admissions.at(place),
    log: (entry, written) => {
      log.append(entry, written);
    },
    events: countingOutcomes(events, canaries),
  };
}
