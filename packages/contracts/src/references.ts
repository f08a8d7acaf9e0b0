import { isMoreOpen } from './confidentiality.ts';
import type { HoldfastConfig } from './holdfast-yaml.ts';
import { hostAndPort } from './host.ts';
import type { ConfigProblem } from './problems.ts';
import { nearest, shown } from './wording.ts';

/** Names that are used but not declared. */
export function referenceProblems(config: HoldfastConfig): ConfigProblem[] {
  const { sources, artifacts, environments, checks, gateway } = config;
  const problems: (ConfigProblem | undefined)[] = [];
  for (const [name, { source }] of Object.entries(artifacts)) {
    if (source === undefined) continue;
    problems.push(undeclared('source', source, sources, ['artifacts', name, 'source']));
    problems.push(tooOpen(config, name, source));
  }
  problems.push(...foreignHosts(config));
  for (const name of Object.keys(checks)) problems.push(undeclared('artifact', name, artifacts, ['checks', name]));
  for (const [index, { model, environment, canary }] of (gateway?.routes ?? []).entries()) {
    const path = ['gateway', 'routes', index];
    problems.push(undeclared('artifact', model, artifacts, [...path, 'model']));
    problems.push(undeclared('environment', environment, environments, [...path, 'environment']));
    problems.push(notAModel(config, model, [...path, 'model']));
    if (canary === undefined) continue;
    problems.push(undeclared('artifact', canary.model, artifacts, [...path, 'canary', 'model']));
    problems.push(notAModel(config, canary.model, [...path, 'canary', 'model']));
  }
  return problems.filter((problem) => problem !== undefined);
}

function undeclared(
  what: 'source' | 'artifact' | 'environment',
  name: string,
  declared: Readonly<Record<string, unknown>>,
  path: ConfigProblem['path'],
): ConfigProblem | undefined {
  if (Object.hasOwn(declared, name)) return undefined;
  const meant = nearest(name, Object.keys(declared));
  const fix = meant === undefined ? `declare ${shown(name)} under \`${what}s\`` : `did you mean ${shown(meant)}?`;
  return { path, message: `the ${what} ${shown(name)} is not declared`, fix };
}

/** What comes from somewhere is at least as confidential as it was there. */
function tooOpen({ artifacts, sources }: HoldfastConfig, name: string, source: string): ConfigProblem | undefined {
  const own = artifacts[name]?.classification;
  const there = Object.hasOwn(sources, source) ? sources[source]?.classification : undefined;
  if (own === undefined || there === undefined || !isMoreOpen(own, there)) return undefined;
  const message = `${shown(own)} is more open than the source ${shown(source)}, which is ${shown(there)}`;
  return { path: ['artifacts', name, 'classification'], message, fix: `write ${shown(there)}, or leave it out` };
}

/** Where the file says which hosts data may come from, nothing comes from another. */
function foreignHosts({ origins, sources }: HoldfastConfig): ConfigProblem[] {
  if (origins === undefined) return [];
  const allowed = new Set(origins.map(hostAndPort));
  return Object.entries(sources).flatMap(([name, { uri, origins: own = [] }]) => {
    const path = ['sources', name];
    const hosts = own.map((host, index) => ({ host, path: [...path, 'origins', index] }));
    const from = uri.startsWith('https:') ? [{ host: new URL(uri).host, path: [...path, 'uri'] }] : [];
    return [...from, ...hosts]
      .filter(({ host }) => !allowed.has(hostAndPort(host)))
      .map(({ host, path: where }) => {
        return {
          path: where,
          message: `the host ${shown(host)} is not among \`origins\``,
          fix: 'add it there if it may be',
        };
      });
  });
}

function notAModel(config: HoldfastConfig, name: string, path: ConfigProblem['path']): ConfigProblem | undefined {
  const kind = Object.hasOwn(config.artifacts, name) ? config.artifacts[name]?.kind : 'model';
  if (kind === 'model') return undefined;
  return { path, message: `the artifact ${shown(name)} is of the kind ${shown(kind)}`, fix: 'name a model' };
}
