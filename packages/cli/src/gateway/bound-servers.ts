import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BoundServer } from '@holdfast/gateway/binding/bound-server';
import { challenge } from '@holdfast/gateway/binding/challenge';
import { ChallengedServer } from '@holdfast/gateway/binding/challenged-server';
import { Challenger } from '@holdfast/gateway/binding/challenger';
import { removeCopy } from '@holdfast/gateway/binding/copy-model';
import { LaunchedServer } from '@holdfast/gateway/binding/launched-server';
import { readyPath } from '@holdfast/gateway/binding/ready-path';
import type { ModelServer } from '@holdfast/gateway/http/model-server';
import { Upstream } from '@holdfast/gateway/http/upstream';
import { protocolOf } from '@holdfast/gateway/protocols/protocols';
import type { Project } from '@holdfast/pipeline/project';
import { challengeData } from './challenge-data.ts';
import { bodiesOf } from './compose-routes.ts';
import type { DeclaredRoute } from './declared-gateway.ts';
import { type ServerConfinement, serverConfinement } from './server-confinement.ts';

export interface BindingEvents {
  readonly changed: () => void;
  readonly said: (line: string) => void;
}

/** The model server of every route and candidate, in their order. */
export async function boundServers(
  project: Project,
  routes: readonly DeclaredRoute[],
  events: BindingEvents,
): Promise<readonly BoundServer[]> {
  const folder = join(project.folder, '.holdfast', 'gateway', 'launched');
  const isLaunching = routes.some(({ launch }) => launch !== undefined);
  if (isLaunching) await removeAbandoned(folder);
  const confine = isLaunching ? await serverConfinement(project, events.said) : () => [];
  const how = { folder, events, confine };
  return Promise.all(routes.map(async (route, place) => boundServer(project, route, place, how)));
}

interface LaunchPlaces {
  readonly folder: string;
  readonly events: BindingEvents;
  readonly confine: ServerConfinement;
}

async function boundServer(
  project: Project,
  route: DeclaredRoute,
  place: number,
  { folder, events, confine }: LaunchPlaces,
): Promise<BoundServer> {
  const said = (line: string): void => {
    events.said(`${route.model} on ${route.path}   ${line}`);
  };
  const own = { changed: events.changed, said };
  const data = route.challenge === undefined ? undefined : await challengeData(project, route);
  const watched: { challenger?: Challenger } = {};
  const up = (): void => watched.challenger?.again();
  const launched = launchedServer(route, { folder: join(folder, `${process.pid}-${place}`), confine }, { ...own, up });
  const server = launched ?? upstreamOf(route);
  const ours = launched === undefined ? {} : { launched };
  if (data === undefined) return new BoundServer({ server, ...ours });
  const challenger = new Challenger(challengerOrder(route, server, data), own);
  watched.challenger = challenger;
  return new BoundServer({ server: new ChallengedServer(server, challenger), ...ours, challenger });
}

const limitsOf = ({ mostAnswer, timeMs, concurrency }: DeclaredRoute) => ({ answer: mostAnswer, timeMs, concurrency });

const upstreamOf = (route: DeclaredRoute): Upstream => new Upstream(route.upstream ?? '', limitsOf(route));

function launchedServer(
  route: DeclaredRoute,
  places: Pick<LaunchPlaces, 'folder' | 'confine'>,
  events: BindingEvents & { up(): void },
): LaunchedServer | undefined {
  const { launch, protocol, served } = route;
  if (launch === undefined) return undefined;
  const { command, environment = {}, ready = readyPath(protocol, served), start = 60_000 } = launch;
  return new LaunchedServer(
    { command, environment, readyPath: ready, startMs: start, limits: limitsOf(route), ...places },
    events,
  );
}

function challengerOrder(
  route: DeclaredRoute,
  server: ModelServer,
  data: Awaited<ReturnType<typeof challengeData>>,
): ConstructorParameters<typeof Challenger>[0] {
  const { protocol: protocolName, served, challenge: declared, mostAnswer } = route;
  const { rows = 8, tolerance = 1e-4, every = 300_000 } = declared ?? {};
  const protocol = protocolOf(protocolName, { served });
  const order = { server, protocol, protocolName, served, bodies: bodiesOf(mostAnswer), data, rows, tolerance };
  return { everyMs: every, challenge: async (bytes) => challenge(order, bytes) };
}

/** Copies of gateways that were killed. */
async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const pid = Number(/^(\d+)-\d+$/.exec(name)?.[1]);
    if (Number.isSafeInteger(pid) && !isAlive(pid)) await removeCopy(join(folder, name)).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: unknown }).code === 'EPERM';
  }
}
