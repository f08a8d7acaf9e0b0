import type { ModelServer } from '../http/model-server.ts';
import type { BodyLimits, Protocol } from '../protocols/inference.ts';
import type { Canary } from '../switching/canary.ts';

/** One model, ready to be served. */
export interface Route {
  /** Its place among the routes, and among what is asked of the gate. */
  readonly place: number;
  readonly model: string;
  readonly environment: string;
  /** What every path of its begins with: `` or `/credit`. */
  readonly prefix: string;
  readonly protocol: Protocol;
  readonly upstream: ModelServer;
  /** Bytes of a request. */
  readonly mostBytes: number;
  readonly bodies: BodyLimits;
  /** A second model that answers some of the callers. */
  readonly canary?: Canary;
}

/** The route whose prefix a path has, the longest first, and the rest of the path. */
export function routeFor(routes: readonly Route[], path: string): { route: Route; rest: string } | undefined {
  let found: Route | undefined;
  for (const route of routes) {
    if (!path.startsWith(route.prefix) || (found !== undefined && found.prefix.length >= route.prefix.length)) continue;
    const next = path.charCodeAt(route.prefix.length);
    if (Number.isNaN(next) || next === 47) found = route;
  }
  return found === undefined ? undefined : { route: found, rest: path.slice(found.prefix.length) || '/' };
}
