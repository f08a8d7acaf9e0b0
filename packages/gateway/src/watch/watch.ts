import type { GatewayErrorCode } from '../errors.ts';
import type { AnsweredRequest } from '../serve/tell-answered.ts';
import type { AlarmChange } from './alarm.ts';
import { Latencies } from './latencies.ts';
import { RouteWatch, type WatchedRoute } from './route-watch.ts';

/** Callers beyond these are counted together. */
const mostCallers = 1000;
const mostEvents = 100;
const seconds = 120;
const held: ReadonlySet<string> = new Set<GatewayErrorCode>(['HF_GATEWAY_QUOTA', 'HF_GATEWAY_THROTTLED']);

export interface CallerCount {
  answered: number;
  refused: number;
  /** Refused for a quota, or held back by a protection. */
  throttled: number;
}

/** Who was held back, and why. */
export interface Throttled {
  readonly time: number;
  readonly caller: string;
  readonly model: string;
  readonly code: string;
}

export interface RouteCount {
  readonly about: WatchedRoute;
  readonly watch: RouteWatch;
  /** By HTTP status, and by code where the gateway answered itself. */
  readonly statuses: Map<number, number>;
  readonly codes: Map<string, number>;
  readonly latencies: Latencies;
  rows: number;
}

interface Second {
  at: number;
  answered: number;
  refused: number;
}

/** What is seen while a gateway serves. Bounded: it does not grow with requests or callers, and holds nothing that was sent. */
export class Watch {
  readonly routes: readonly RouteCount[];
  readonly elsewhere = new Map<string, number>();
  readonly callers = new Map<string, CallerCount>();
  readonly throttled: Throttled[] = [];
  readonly alarms: AlarmChange[] = [];
  readonly #seconds: Second[] = Array.from({ length: seconds }, () => ({ at: 0, answered: 0, refused: 0 }));

  /** @param onAlarm told when an alarm is raised or cleared, for what acts on it */
  constructor(
    routes: readonly WatchedRoute[],
    window: number | { readonly size: number; readonly leastMs?: number },
    onAlarm: (change: AlarmChange) => void = () => undefined,
  ) {
    const alarmed = (change: AlarmChange): void => {
      keep(this.alarms, change);
      onAlarm(change);
    };
    this.routes = routes.map((about) => ({
      ...{
        about,
        watch: new RouteWatch(about, typeof window === 'number' ? { size: window } : window, alarmed),
        statuses: new Map(),
        codes: new Map(),
      },
      ...{ latencies: new Latencies(), rows: 0 },
    }));
  }

  answered({ route, caller, status, code, rows, milliseconds }: AnsweredRequest): void {
    const second = this.#second(Math.floor(Date.now() / 1000));
    if (code === undefined) second.answered += 1;
    else second.refused += 1;
    if (caller !== undefined) this.#caller(caller.id, code);
    const counted = route === undefined ? undefined : this.routes[route.place];
    if (counted === undefined) {
      add(this.elsewhere, code ?? 'none');
      return;
    }
    add(counted.statuses, status);
    if (code !== undefined) add(counted.codes, code);
    counted.latencies.add(milliseconds / 1000);
    counted.rows += rows;
    if (code !== undefined && held.has(code) && caller !== undefined) {
      keep(this.throttled, { time: Date.now(), caller: caller.id, model: counted.about.model, code });
    }
  }

  /** Requests of each of the last seconds, the oldest first. */
  recent(): readonly Readonly<Second>[] {
    const now = Math.floor(Date.now() / 1000);
    return Array.from({ length: seconds }, (_, index) => {
      const at = now - seconds + 1 + index;
      const second = this.#seconds[at % seconds];
      return second?.at === at ? second : { at, answered: 0, refused: 0 };
    });
  }

  #second(at: number): Second {
    const second = this.#seconds[at % seconds] as Second;
    if (second.at !== at) Object.assign(second, { at, answered: 0, refused: 0 });
    return second;
  }

  #caller(id: string, code: string | undefined): void {
    const name = this.callers.has(id) || this.callers.size < mostCallers ? id : 'others';
    let count = this.callers.get(name);
    if (count === undefined) {
      count = { answered: 0, refused: 0, throttled: 0 };
      this.callers.set(name, count);
    }
    if (code === undefined) count.answered += 1;
    else count.refused += 1;
    if (code !== undefined && held.has(code)) count.throttled += 1;
  }
}

function add<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function keep<Kept>(kept: Kept[], one: Kept): void {
  kept.push(one);
  if (kept.length > mostEvents) kept.shift();
}
