import type { ModelServer } from '../http/model-server.ts';
import type { Once } from '../idempotency/once.ts';
import type { BodyLimits, Protocol } from '../protocols/inference.ts';
import type { Canary } from '../switching/canary.ts';
import type { StreamLimits } from './stream/stream-limits.ts';

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
  /** Of answers that come piece by piece. */
  readonly stream?: StreamLimits;
  /** Milliseconds that a caller may take for each 64 KiB of an answer; what the listener says when left out. */
  readonly readMs?: number;
  /** Executes requests with an `idempotency-key` once; without it the key goes on to the model server, and that is all. */
  readonly once?: Once;
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
