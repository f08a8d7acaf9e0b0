import type { Upstream } from './upstream.ts';

/** What answers the requests of a route. */
export type ModelServer = Pick<Upstream, 'stream' | 'exchange' | 'close'>;
