import type { Admission } from '@holdfast/gateway/admission/admission';
import type { Admissions } from '@holdfast/gateway/admission/admissions';
import type { BoundServer } from '@holdfast/gateway/binding/bound-server';
import { protocolOf } from '@holdfast/gateway/protocols/protocols';
import type { Route } from '@holdfast/gateway/serve/route';
import { Canary } from '@holdfast/gateway/switching/canary';
import type { Measured } from '@holdfast/gateway/switching/error-window';
import { ShadowedServer } from '@holdfast/gateway/switching/shadowed-server';
import type { DeclaredRoute } from './declared-gateway.ts';

/** What a rule took back. */
export interface RolledBack {
  /** As it is declared. */
  readonly candidate: DeclaredRoute;
  readonly admission: Admission;
  readonly stable: Admission;
  readonly reason: string;
  readonly measured?: Measured;
}

export interface SwitchingEvents {
  rolledBack(told: RolledBack): void;
  switched(candidate: DeclaredRoute, weight: number): void;
}

export interface RouteParts {
  readonly servers: readonly BoundServer[];
  readonly admissions: Pick<Admissions, 'at'>;
  readonly switching: SwitchingEvents;
}

/** The routes of callers, and the candidates of those that have one. */
export function composeRoutes(
  declared: readonly DeclaredRoute[],
  parts: RouteParts,
): { readonly routes: readonly Route[]; readonly canaries: readonly Canary[] } {
  const routes: Route[] = [];
  const canaries: Canary[] = [];
  for (const [place, route] of declared.entries()) {
    if (route.candidateOf !== undefined) continue;
    const own = routeOf(route, place, parts);
    const at = declared.findIndex(({ candidateOf }) => candidateOf === route);
    const candidate = declared[at];
    if (candidate === undefined) {
      routes.push(own);
      continue;
    }
    // Callers ask one model, and are counted as its callers, whichever answers.
    const canary = canaryOf(candidate, { ...routeOf(candidate, at, parts), model: route.model }, place, parts);
    canaries.push(canary);
    const upstream = route.canary?.shadow === true ? new ShadowedServer(own.upstream, canary) : own.upstream;
    routes.push({ ...own, upstream, canary });
  }
  return { routes, canaries };
}

function canaryOf(
  declared: DeclaredRoute,
  candidate: Route,
  stable: number,
  { admissions, switching }: RouteParts,
): Canary {
  const { weight = 0, header, shadow = false, rollback } = declared.candidateOf?.canary ?? {};
  const options = {
    ...{ weight, shadow },
    ...(header === undefined ? {} : { header }),
    ...(rollback === undefined ? {} : { rollback }),
  };
  const admission = (): Admission => admissions.at(candidate.place);
  return new Canary(candidate, admission, options, {
    rolledBack: (reason, measured) => {
      const told = { candidate: declared, admission: admission(), stable: admissions.at(stable), reason };
      switching.rolledBack({ ...told, ...(measured === undefined ? {} : { measured }) });
    },
    switched: (share) => {
      switching.switched(declared, share);
    },
  });
}

/** Of a body of `mostBytes`: an element takes two characters at least, a comma and a digit. */
export const bodiesOf = (mostBytes: number) => ({ elements: Math.ceil(mostBytes / 2), depth: 16, count: 1024 });

function routeOf(declared: DeclaredRoute, place: number, { servers }: RouteParts): Route {
  const { model, environment, path, protocol, served, mostBytes, mostAnswer } = declared;
  const bound = servers[place];
  if (bound === undefined) throw new Error(`there is no model server of the route at ${place}`);
  return {
    ...{ place, model, environment, mostBytes, bodies: bodiesOf(Math.max(mostBytes, mostAnswer)) },
    prefix: path === '/' ? '' : path,
    protocol: protocolOf(protocol, { served }),
    upstream: bound.server,
  };
}
