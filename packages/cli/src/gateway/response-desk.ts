import type { ResponseChange } from '@holdfast/gateway/protection/response/caller-response';
import { Standings } from '@holdfast/gateway/protection/response/standings';
import type { TuningChange } from '@holdfast/gateway/protection/response/tuning';
import type { RecordedResponse } from '@holdfast/pipeline/serving/recorded-responses';
import type { DeclaredRoute } from './declared-gateway.ts';
import { routePolicyOf } from './route-policy.ts';

/** What is told of the callers of a route. */
export interface DeskEvents {
  responded(route: DeclaredRoute, change: ResponseChange, caller: string | undefined): void;
  tuned(route: DeclaredRoute, change: TuningChange): void;
}

/** Where nobody is answered, nothing is told. */
export const silent: DeskEvents = { responded: () => undefined, tuned: () => undefined };

interface Known {
  readonly standings: Standings;
  /** The place in the ledger behind the last that was taken in. */
  next: number;
}

/** Where callers stand, by route: it outlives what looks at one version of a model, and knows what evidence says. */
export class ResponseDesk {
  readonly #events: DeskEvents;
  readonly #known = new Map<string, Known>();

  constructor(events: DeskEvents) {
    this.#events = events;
  }

  /**
   * Where the callers of a route stand, by its own judgements and by evidence; undefined where nothing is declared.
   * @throws GatewayError HF_GATEWAY_CONFIGURATION
   */
  of(route: DeclaredRoute, { responses }: { readonly responses: readonly RecordedResponse[] }): Standings | undefined {
    const declared = route.protections?.response;
    if (declared === undefined) return undefined;
    const known = this.#known.get(route.path) ?? this.#open(route, routePolicyOf(declared));
    for (const each of responses) {
      if (each.index < known.next) continue;
      known.next = each.index + 1;
      takeIn(known.standings, route, each);
    }
    return known.standings;
  }

  #open(route: DeclaredRoute, policy: ReturnType<typeof routePolicyOf>): Known {
    const standings = new Standings(policy, {
      responded: (change, caller) => {
        this.#events.responded(route, change, caller);
      },
      tuned: (change) => {
        this.#events.tuned(route, change);
      },
    });
    const opened = { standings, next: 0 };
    this.#known.set(route.path, opened);
    return opened;
  }
}

/** Only what is said of this route and environment; what has ended is of no account. */
function takeIn(standings: Standings, { environment, path }: DeclaredRoute, recorded: RecordedResponse): void {
  const about = recorded.kind === 'response' ? recorded.response : recorded.tuning;
  if (about.environment !== environment || about.route !== path) return;
  if (recorded.kind === 'tuning') {
    standings.factor = recorded.tuning.to;
    return;
  }
  const { caller, to, until } = recorded.response;
  const [nowMs, untilMs] = [Date.now(), Date.parse(until)];
  if (to !== 'none' && untilMs <= nowMs) return;
  standings.know({ ...(caller === undefined ? {} : { caller }), response: to, untilMs }, nowMs);
}
