import { homedir } from 'node:os';
import { resolve } from 'node:path';
import type { GatewayWatch } from '@holdfast/contracts';
import type { Admission } from '@holdfast/gateway/admission/admission';
import type { ServingEvents } from '@holdfast/gateway/serve/chain';
import type { AlarmChange } from '@holdfast/gateway/watch/alarm';
import { Webhook } from '@holdfast/gateway/watch/alerts/webhook';
import { Watch } from '@holdfast/gateway/watch/watch';
import { WatchAccess, watchToken } from '@holdfast/gateway/watch/watch-access';
import { openWatchListener } from '@holdfast/gateway/watch/watch-listener';
import type { DeclaredRoute } from './declared-gateway.ts';

/** What watches a gateway; without `gateway.watch` nothing does, and nothing is called while serving. */
export interface OpenWatch {
  readonly events: Pick<ServingEvents, 'answered'>;
  /** Where the page is. */
  readonly origin?: string;
  /** Puts what looks before the guards of each route, in the order of the routes. */
  watched(admissions: readonly Admission[]): readonly Admission[];
  close(): Promise<void>;
}

/** Where nothing watches. */
export const unwatched: OpenWatch = { events: {}, watched: (same) => same, close: () => Promise.resolve() };

export interface WatchTold {
  /** Where alarms and the page's address are said. */
  readonly tells: (line: string) => void;
  /** What puts alarms on record, or acts on them. */
  readonly recorder: { alerted(route: DeclaredRoute, change: AlarmChange): void };
}

export async function openWatch(
  declared: GatewayWatch | undefined,
  routes: readonly DeclaredRoute[],
  { tells, recorder }: WatchTold,
): Promise<OpenWatch> {
  if (declared === undefined) return unwatched;
  const { address = '127.0.0.1', port = 9464, token, window = 1000, alerts } = declared;
  const access = new WatchAccess(watchToken(atHome(token)));
  const webhook = webhookOf(alerts, tells);
  const watch = new Watch(
    routes.map(({ path, model }) => ({ route: path, model })),
    { size: window, leastMs: alerts?.least ?? 60_000 },
    (change) => {
      tells(alarmLine(change));
      webhook?.send(change);
      const route = routes.find(({ path }) => path === change.route);
      if (route !== undefined) recorder.alerted(route, change);
    },
  );
  const listening = await openWatchListener(watch, access, { address, port });
  // A secret is shown to a person only, never to a file or a journal.
  tells(`watch    ${listening.origin}/${process.stderr.isTTY ? `#${access.link()}` : ''}`);
  return {
    events: {
      answered: (told) => {
        watch.answered(told);
      },
    },
    origin: listening.origin,
    watched: (admissions) => watched(watch, routes, admissions),
    close: async () => {
      await listening.close();
      await webhook?.close();
    },
  };
}

const alarmLine = ({ state, model, rule, value }: AlarmChange): string =>
  `alarm    ${model}: ${rule} ${state} at ${value.toFixed(3)}`;

const watched = (
  watch: Watch,
  routes: readonly DeclaredRoute[],
  admissions: readonly Admission[],
): readonly Admission[] =>
  admissions.map((admission, at) => {
    const seen = watch.routes[at]?.watch;
    // A chat has neither features nor scores, and what has to be read whole cannot be streamed.
    const isChat = routes[at]?.protocol === 'openai-chat';
    if (!admission.isAdmitted || seen === undefined || isChat) return admission;
    return { ...admission, guards: seen.guards(admission.guards, admission.artifact) };
  });

const atHome = (path: string): string => (path.startsWith('~/') ? resolve(homedir(), path.slice(2)) : path);

function webhookOf(alerts: GatewayWatch['alerts'], tells: (line: string) => void): Webhook | undefined {
  if (alerts?.webhook === undefined) return undefined;
  const { address, secret } = alerts.webhook;
  const failed = (line: string): void => {
    tells(`not told ${line}`);
  };
  return new Webhook({ address, secret: watchToken(atHome(secret), 'gateway.watch.alerts.webhook.secret'), failed });
}

/** Both are told, one after the other; where one has nothing to hear, the other alone. */
export function both(first: Pick<ServingEvents, 'answered'>, second: Pick<ServingEvents, 'answered'>): ServingEvents {
  const [one, other] = [first.answered, second.answered];
  if (one === undefined || other === undefined) return { ...first, ...second };
  return {
    answered: (told) => {
      one(told);
      other(told);
    },
  };
}
