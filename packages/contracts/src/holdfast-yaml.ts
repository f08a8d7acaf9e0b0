import { z } from 'zod';
import { artifact } from './artifact.ts';
import { checkList } from './check-list.ts';
import { environment } from './environment.ts';
import { gateway } from './gateway.ts';
import { operation } from './operation.ts';
import { treeProblem } from './plain-tree.ts';
import { referenceProblems } from './references.ts';
import { hostName, name } from './scalars.ts';
import { scan } from './scan.ts';
import { named, strict } from './shapes.ts';
import { origins, source } from './source.ts';
import { stage } from './stage.ts';

/** The keys of `holdfast.yaml`, one by one, before anything is said about how they fit together. */
export const holdfastKeys = strict({
  project: name.describe('The name of the project.'),
  ledger: hostName.describe('The origin of the ledger: a bare host name such as `credit-risk.example`.'),
  origins: origins
    .exactOptional()
    .describe('The only hosts that sources may come from, and that their redirects may lead to.'),
  sources: named(source, 'a mapping of sources', 1024).default({}).describe('What data may come in, and from where.'),
  artifacts: named(artifact, 'a mapping of artifacts', 1024)
    .default({})
    .describe('What has a digest and a name: datasets, models, images, configurations, reports, code.'),
  stages: named(stage, 'a mapping of stages', 1024).default({}).describe('The steps of the pipeline.'),
  operations: named(operation, 'a mapping of operations', 64)
    .default({})
    .describe('What Holdfast itself may do to data on the way to a model, such as `data.quarantine`, and by whom.'),
  checks: named(checkList, 'a mapping from artifacts to lists of checks', 1024)
    .default({})
    .describe('For each artifact, the checks that look at it.'),
  scan: scan.prefault({}).describe('What the check `scan` takes for harmless.'),
  environments: named(environment, 'a mapping of environments', 64)
    .default({})
    .describe('Where artifacts are promoted to, each behind a policy.'),
  gateway: gateway.exactOptional().describe('The inference proxy.'),
});

/** `holdfast.yaml` as it is written. */
export type HoldfastYaml = z.input<typeof holdfastKeys>;
/** `holdfast.yaml` as it is used: durations in milliseconds, sizes in bytes, paths in one spelling, defaults filled in. */
export type HoldfastConfig = z.output<typeof holdfastKeys>;

const fitting = holdfastKeys.superRefine((config, context) => {
  for (const { path, message, fix } of referenceProblems(config)) {
    context.addIssue({ code: 'custom', message, path: [...path], params: fix === undefined ? {} : { fix } });
  }
});

const guarded = z.preprocess((value, context) => {
  const problem = treeProblem(value);
  if (problem === undefined) return value;
  context.addIssue({ code: 'custom', message: problem.message, path: [...problem.path] });
  return z.NEVER;
}, fitting);

/**
 * The schema of `holdfast.yaml`. Takes what a YAML parser returns; strict: an unknown key is an error; what is named
 * (sources, artifacts, environments) must be declared. Whether stages form a graph is for the pipeline to say.
 * @example
 * ```ts
 * import { configProblems, holdfastYaml } from '@holdfast/contracts';
 * const parsed = holdfastYaml.safeParse({ project: 'credit-risk', ledger: 'credit-risk.example' });
 * const problems = parsed.success ? [] : configProblems(parsed.error);
 * ```
 */
export const holdfastYaml: z.ZodType<HoldfastConfig, HoldfastYaml> = guarded as z.ZodType<HoldfastConfig, HoldfastYaml>;
