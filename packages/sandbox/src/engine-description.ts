import { askEngine, type ContainerEngine, type EngineCandidate } from './container-engine.ts';
import { shown } from './errors.ts';
import { isOlder } from './version.ts';

const minimumVersions = { podman: [4, 3], docker: [20, 10] } as const;

/** An engine that answers, or why it is of no use. */
export async function describeEngine(
  candidate: EngineCandidate,
): Promise<ContainerEngine | { readonly problem: string }> {
  const answer = candidate.name === 'podman' ? await askPodman(candidate) : await askDocker(candidate);
  if ('problem' in answer) return answer;
  const minimum = minimumVersions[candidate.name];
  if (isOlder(answer.version, minimum)) {
    return { problem: `${candidate.name} ${answer.version} is too old, ${minimum.join('.')} is needed` };
  }
  return { ...candidate, ...answer, version: /^[0-9.]+/.exec(answer.version)?.[0] ?? answer.version };
}

type Answered = Pick<ContainerEngine, 'version' | 'runtimeVersion' | 'user'>;

/** `podman info`: https://docs.podman.io/en/latest/markdown/podman-info.1.html */
async function askPodman(engine: EngineCandidate): Promise<Answered | { problem: string }> {
  const { runtime } = engine;
  const chosen = runtime === undefined ? [] : ['--runtime', runtime];
  const { code, stdout, stderr } = await askEngine(engine, [...chosen, 'info', '--format', 'json']);
  const said = code === 0 ? objectOf(stdout) : undefined;
  const host = objectIn(said, 'host');
  const version = textIn(objectIn(said, 'version'), 'Version');
  if (version === undefined) return { problem: `podman does not answer: ${lastLine(stderr)}` };
  if (host?.['serviceIsRemote'] === true) return { problem: 'podman is set up to use another machine' };
  const about = objectIn(host, 'ociRuntime');
  const name = runtime ?? textIn(about, 'name') ?? 'an unknown runtime';
  return { version, runtimeVersion: withVersion(name, textIn(about, 'version')), user: 'mapped' };
}

/** `docker version` and `docker info`: https://docs.docker.com/reference/cli/docker/system/info/ */
async function askDocker(engine: EngineCandidate): Promise<Answered | { problem: string }> {
  if (process.geteuid?.() === 0) {
    return {
      problem: 'docker would run the command of root as root of this machine, without a user namespace between',
    };
  }
  const [about, info] = await Promise.all([
    askEngine(engine, ['version', '--format', '{{json .}}']),
    askEngine(engine, ['info', '--format', '{{json .}}']),
  ]);
  const server = objectIn(objectOf(about.stdout), 'Server');
  const settings = objectOf(info.stdout);
  const version = textIn(server, 'Version');
  if (version === undefined || settings === undefined) {
    return { problem: `docker does not answer: ${lastLine(about.stderr)}` };
  }
  const security = Array.isArray(settings['SecurityOptions']) ? settings['SecurityOptions'] : [];
  if (security.some((option) => option === 'name=rootless')) {
    return { problem: 'docker in rootless mode knows the user as number 0 only' };
  }
  const name = engine.runtime ?? textIn(settings, 'DefaultRuntime') ?? 'an unknown runtime';
  const components: readonly unknown[] = Array.isArray(server?.['Components']) ? server['Components'] : [];
  const component = components.find((part) => isObject(part) && part['Name'] === name);
  return {
    version,
    runtimeVersion: withVersion(name, textIn(isObject(component) ? component : undefined, 'Version')),
    user: 'own',
  };
}

/** `runc version 1.1.5+ds1\ncommit: …` becomes `runc 1.1.5`. */
function withVersion(name: string, text: string | undefined): string {
  const version = /\d+(?:\.\d+){1,3}/.exec(text ?? '')?.[0];
  const short = name.slice(name.lastIndexOf('/') + 1);
  return version === undefined ? short : `${short} ${version}`;
}

type Values = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objectOf(text: string): Values | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function objectIn(values: Values | undefined, key: string): Values | undefined {
  const value = values?.[key];
  return isObject(value) ? value : undefined;
}

function textIn(values: Values | undefined, key: string): string | undefined {
  const value = values?.[key];
  return typeof value === 'string' && value !== '' ? value.slice(0, 200) : undefined;
}

function lastLine(text: string): string {
  return shown(text.trim().split('\n').at(-1) ?? '');
}
