import { hash } from 'node:crypto';
import { join } from 'node:path';
import { GatewayError } from '@holdfast/gateway';
import { FileJournal } from '@holdfast/gateway/idempotency/file-journal';
import { Once } from '@holdfast/gateway/idempotency/once';
import type { Project } from '@holdfast/pipeline/project';
import type { DeclaredGateway, DeclaredRoute } from './declared-gateway.ts';
import { isLive } from './left-logs.ts';

const day = 24 * 60 * 60 * 1000;
const defaults = { keep: day, keys: 100_000, answers: 256 * 2 ** 20 } as const;

/** What executes requests with an idempotency key once, by the path of its route; routes that do not declare it have none. */
export async function openOnce(
  { routes }: DeclaredGateway,
  project: Project,
  owner: string,
): Promise<ReadonlyMap<string, Once>> {
  const opened = new Map<string, Once>();
  for (const route of routes) {
    const once = await onceOf(route, project, owner);
    if (once !== undefined) opened.set(route.path, once);
  }
  return opened;
}

async function onceOf({ path, limits, timeMs }: DeclaredRoute, project: Project, owner: string) {
  if (limits?.idempotency === undefined) return undefined;
  const { keep = defaults.keep, keys = defaults.keys, answers = defaults.answers } = limits.idempotency;
  // A key that ended while its request is on its way would let it be executed again.
  if (keep < 2 * timeMs) {
    const message = `\`limits.idempotency.keep\` of \`${path}\` is shorter than twice what the model server may take`;
    throw new GatewayError('HF_GATEWAY_CONFIGURATION', message, { where: 'gateway.routes' });
  }
  const folder = join(project.folder, '.holdfast', 'gateway-keys', hash('sha256', path, 'hex').slice(0, 32));
  const alive = async (name: string): Promise<boolean> => isLive(project, name);
  const bounds = { keepMs: keep, mostKeys: keys, mostBytes: answers };
  return new Once([await FileJournal.open({ folder, owner, isLive: alive, ...bounds })]);
}
