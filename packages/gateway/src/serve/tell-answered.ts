import type { Caller } from '../callers/caller.ts';
import type { GatewayErrorCode } from '../errors.ts';
import type { Chain } from './chain.ts';
import type { Route } from './route.ts';

/** A request that was answered, by the model server or, with a `code`, by the gateway itself. Never has what was sent. */
export interface AnsweredRequest {
  readonly id: string;
  /** Absent where none has its path. */
  readonly route?: Route;
  /** Absent where nobody is known. */
  readonly caller?: Caller;
  readonly status: number;
  readonly code?: GatewayErrorCode;
  readonly rows: number;
  /** From its head to its answer. */
  readonly milliseconds: number;
}

/** Tells whoever watches; costs nothing where nobody does. */
export function tellAnswered(
  { events }: Chain,
  served: Pick<AnsweredRequest, 'id' | 'route' | 'caller' | 'rows'> & { readonly since: number },
  status: number,
  code?: GatewayErrorCode,
): void {
  if (events.answered === undefined) return;
  const { id, route, caller, rows, since } = served;
  events.answered({
    ...{ id, status, rows, milliseconds: performance.now() - since },
    ...(route === undefined ? {} : { route }),
    ...(caller === undefined ? {} : { caller }),
    ...(code === undefined ? {} : { code }),
  });
}
