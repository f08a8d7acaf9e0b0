import type { Caller } from '../callers/caller.ts';
import type { RequestHead } from '../http/request-head.ts';
import type { Route } from './route.ts';

/** Which model of a route answers a request: the route itself where it has one only, else as its canary says. */
export const targetOf = (route: Route, head: RequestHead, caller: Caller): Route =>
  route.canary === undefined ? route : route.canary.target(route, head, caller);
