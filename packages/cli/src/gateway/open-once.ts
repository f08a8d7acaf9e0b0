import { hash } from 'node:crypto';
import { join } from 'node:path';
import { GatewayError } from '@holdfast/gateway';
import { FileJournal } from '@holdfast/gateway/idempotency/file-journal';
import { Once } from '@holdfast/gateway/idempotency/once';
import { SharedJournal } from '@holdfast/gateway/idempotency/shared-journal';
import type { Project } from '@holdfast/pipeline/project';
import type { DeclaredGateway, DeclaredRoute } from './declared-gateway.ts';
import { isLive } from './left-logs.ts';

const day = 24 * 60 * 60 * 1000;
const defaults = { keep: day, keys: 100_000, answers: 256 * 2 ** 20 } as const;

/** What executes requests with an idempotency key once, by the path of its route; routes that do not declare it have none. */
export async function openOnce(
  { routes, callers }: DeclaredGateway,
  project: Project,
  { owner, tells }: { readonly owner: string; readonly tells: (line: string) => void },
): Promise<ReadonlyMap<string, Once>> {
  const opened = new Map<string, Once>();
  for (const route of routes) {
    const journal = await journalOf(route, project, owner);
    if (journal === undefined) continue;
    const shared = callers?.shared === undefined ? [] : [await sharedOf(route, callers.shared, { project, tells })];
    opened.set(route.path, new Once([journal, ...shared]));
  }
  return opened;
}

const keepOf = ({ limits }: DeclaredRoute): number => limits?.idempotency?.keep ?? defaults.keep;

async function journalOf(route: DeclaredRoute, project: Project, owner: string): Promise<FileJournal | undefined> {
  const { path, limits, timeMs } = route;
  const keep = keepOf(route);
  if (limits?.idempotency === undefined) return undefined;
  const { keys = defaults.keys, answers = defaults.answers } = limits.idempotency;
  // A key that ended while its request is on its way would let it be executed again.
  if (keep < 2 * timeMs) {
    const message = `\`limits.idempotency.keep\` of \`${path}\` is shorter than twice what the model server may take`;
    throw new GatewayError('HF_GATEWAY_CONFIGURATION', message, { where: 'gateway.routes' });
  }
  const folder = join(project.folder, '.holdfast', 'gateway-keys', hash('sha256', path, 'hex').slice(0, 32));
  const alive = async (name: string): Promise<boolean> => isLive(project, name);
  const bounds = { keepMs: keep, mostKeys: keys, mostBytes: answers };
  return FileJournal.open({ folder, owner, isLive: alive, ...bounds });
}

type Shared = NonNullable<NonNullable<DeclaredGateway['callers']>['shared']>;

/** Replicas that count together keep their keys together. */
async function sharedOf(
  route: DeclaredRoute,
  { redis, fail }: Shared,
  { project, tells }: { readonly project: Project; readonly tells: (line: string) => void },
): Promise<SharedJournal> {
  let isLost = false;
  return SharedJournal.open({
    ...{ address: redis, fail, space: project.config.project, keepMs: keepOf(route) },
    failed: (error) => {
      if (!isLost)
        tells(`idempotency keys cannot be shared: ${error instanceof Error ? error.message : String(error)}`);
      isLost = true;
    },
  });
}
