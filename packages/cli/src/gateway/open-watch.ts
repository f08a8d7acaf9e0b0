import { homedir } from 'node:os';
import { resolve } from 'node:path';
import type { GatewayWatch } from '@holdfast/contracts';
import type { Admission } from '@holdfast/gateway/admission/admission';
import type { ServingEvents } from '@holdfast/gateway/serve/chain';
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

const unwatched: OpenWatch = { events: {}, watched: (same) => same, close: () => Promise.resolve() };

/** @param tells where alarms and the page's address are said */
export async function openWatch(
  declared: GatewayWatch | undefined,
  routes: readonly DeclaredRoute[],
  tells: (line: string) => void,
): Promise<OpenWatch> {
  if (declared === undefined) return unwatched;
  const { address = '127.0.0.1', port = 9464, token, window = 1000 } = declared;
  const access = new WatchAccess(watchToken(token.startsWith('~/') ? resolve(homedir(), token.slice(2)) : token));
  const watch = new Watch(
    routes.map(({ path, model }) => ({ route: path, model })),
    window,
    ({ state, model, rule, value }) => {
      tells(`alarm    ${model}: ${rule} ${state} at ${value.toFixed(3)}`);
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
    watched: (admissions) =>
      admissions.map((admission, at) => {
        const seen = watch.routes[at]?.watch;
        if (!admission.isAdmitted || seen === undefined) return admission;
        return { ...admission, guards: seen.guards(admission.guards, admission.artifact) };
      }),
    close: async () => listening.close(),
  };
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
