import type { HoldfastConfig } from './holdfast-yaml.ts';
import type { ConfigProblem } from './problems.ts';
import { nearest, shown } from './wording.ts';

/** Names that are used but not declared. */
export function referenceProblems(config: HoldfastConfig): ConfigProblem[] {
  const { sources, artifacts, environments, checks, gateway } = config;
  const problems: (ConfigProblem | undefined)[] = [];
  for (const [name, { source }] of Object.entries(artifacts)) {
    if (source !== undefined) problems.push(undeclared('source', source, sources, ['artifacts', name, 'source']));
  }
  for (const name of Object.keys(checks)) problems.push(undeclared('artifact', name, artifacts, ['checks', name]));
  for (const [index, { model, environment }] of (gateway?.routes ?? []).entries()) {
    const path = ['gateway', 'routes', index];
    problems.push(undeclared('artifact', model, artifacts, [...path, 'model']));
    problems.push(undeclared('environment', environment, environments, [...path, 'environment']));
    problems.push(notAModel(config, model, [...path, 'model']));
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

function notAModel(config: HoldfastConfig, name: string, path: ConfigProblem['path']): ConfigProblem | undefined {
  const kind = Object.hasOwn(config.artifacts, name) ? config.artifacts[name]?.kind : 'model';
  if (kind === 'model') return undefined;
  return { path, message: `the artifact ${shown(name)} is of the kind ${shown(kind)}`, fix: 'name a model' };
}
