import type { Admission } from '../admission/admission.ts';
import type { Authenticator, Caller } from '../callers/caller.ts';
import type { RequestEntry } from '../log/entry.ts';
import type { Judgement } from '../protection/protection.ts';
import type { Quotas } from '../quotas/quota.ts';
import type { Route } from './route.ts';
import type { AnsweredRequest } from './tell-answered.ts';

/** What is told of while serving: for a page, metrics, and tests. Never has what was sent. */
export interface ServingEvents {
  /** A request was answered; `code` when the gateway answered itself. */
  answered?(told: AnsweredRequest): void;
  judged?(told: {
    readonly route: Route;
    readonly caller: Caller;
    readonly judgement: Judgement;
    readonly isRefused: boolean;
  }): void;
  /** Something went wrong inside of the gateway; `id` is that of the request, which its caller was given. */
  failed?(error: unknown, id: string): void;
}

/** What a request goes through, one after the other. */
export interface Chain {
  readonly routes: readonly Route[];
  readonly authenticator: Authenticator;
  /** Whether policy lets a caller `invoke` an admitted model. */
  authorise(caller: Caller, route: Route, admission: Extract<Admission, { isAdmitted: true }>): boolean;
  readonly quotas: Quotas;
  admission(route: Route): Admission;
  log(entry: RequestEntry, written: (error?: Error) => void): void;
  readonly events: ServingEvents;
}
