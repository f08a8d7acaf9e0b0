import { Document, isMap, isScalar, type YAMLMap } from 'yaml';
import { type Doubt, type Found, type FoundArtifact, type FoundStage, groupedDoubts } from './found.ts';
import { nameFrom, untaken } from './names.ts';
import { baseOf, folderOf } from './project-path.ts';

const mostDoubts = 50;

/** The origin of a ledger that is there already, when there is one. */
export interface ConfigurationOptions {
  readonly ledger?: string;
}

/**
 * A `holdfast.yaml` that runs, from what was found. What is not sure stands above it as comments, and above each stage
 * where it came from.
 */
export function configurationText(project: string, found: Found, options: ConfigurationOptions = {}): string {
  const artifacts = namedArtifacts(found);
  const byPath = new Map([...artifacts].map(([name, { path }]) => [path, name]));
  const named = (path: string): string => byPath.get(path) ?? path;
  const models = [...artifacts].filter(([, { kind }]) => kind === 'model');
  const document = new Document({
    project,
    ledger: options.ledger ?? `${project}.example`,
    ...sourcesOf(artifacts),
    ...(artifacts.size === 0 ? {} : { artifacts: Object.fromEntries([...artifacts].map(artifactEntry)) }),
    ...(found.stages.length === 0
      ? {}
      : { stages: Object.fromEntries(found.stages.map((stage) => [stage.name, stageEntry(stage, named)])) }),
    ...(models.length === 0 ? {} : { checks: Object.fromEntries(models.map(([name]) => [name, ['scan']])) }),
    environments: { production: { policy: 'policy/production.cedar' } },
  });
  commentStages(document, found);
  return `${headerOf(found)}${document.toString({ lineWidth: 0 })}`;
}

/** Each artifact under a name that no stage uses for another path: a stage's `model` would mean the artifact. */
function namedArtifacts({ data, models, stages }: Found): ReadonlyMap<string, FoundArtifact> {
  const paths = new Set(stages.flatMap(({ inputs, outputs }) => [...inputs, ...outputs]));
  const named = new Map<string, FoundArtifact>();
  for (const artifact of [...data, ...models]) {
    const { path, name } = artifact;
    const isTaken = (one: string): boolean => named.has(one) || (one !== path && paths.has(one));
    const short = nameFrom(name ?? baseOf(path).replace(/(?<=.)\.[^.]+$/, ''), artifact.kind);
    const long = nameFrom(`${baseOf(folderOf(path))}-${short}`, short);
    named.set(isTaken(short) ? untaken(long, isTaken) : short, artifact);
  }
  return named;
}

function sourcesOf(artifacts: ReadonlyMap<string, FoundArtifact>): { sources?: Record<string, unknown> } {
  const sources = [...artifacts].flatMap(([name, { source }]) =>
    source === undefined ? [] : [[name, source] as const],
  );
  return sources.length === 0 ? {} : { sources: Object.fromEntries(sources) };
}

function artifactEntry([name, { path, kind, source }]: [string, FoundArtifact]): [string, Record<string, string>] {
  const from = source === undefined ? {} : { source: name };
  return [name, { path, kind, ...from, ...(kind === 'model' ? { risk: 'medium' } : {}) }];
}

function stageEntry(stage: FoundStage, named: (path: string) => string): Record<string, unknown> {
  return {
    command: stage.command,
    ...(stage.toolchain.length === 0 ? {} : { toolchain: stage.toolchain }),
    inputs: stage.inputs.map(named),
    ...(stage.outputs.length === 0 ? {} : { outputs: stage.outputs.map(named) }),
    ...(stage.metrics === undefined ? {} : { metrics: stage.metrics }),
  };
}

/** One line, whatever the repository's files hold. */
const onOneLine = (text: string): string => text.replaceAll(/[\p{C}\u2028\u2029]+/gu, ' ').slice(0, 300);

function headerOf(found: Found): string {
  const doubts = groupedDoubts(found.doubts);
  const told = doubts.slice(0, mostDoubts).map(doubtLine);
  const more = doubts.length - told.length;
  const lines = [
    'What this project is made of. Reference: docs/reference/holdfast-yaml.md',
    ...(told.length === 0 ? [] : ['', 'Not sure, and for somebody to look at:', ...told]),
    ...(more > 0 ? [`  and ${more} more`] : []),
    ...(told.length === 0 ? [] : ['']),
  ];
  return lines
    .map((line) => `# ${line}`.trimEnd())
    .join('\n')
    .concat('\n');
}

function commentStages(document: Document, { stages: found }: Found): void {
  const stages: unknown = document.get('stages');
  if (!isMap(stages)) return;
  for (const stage of found) commentStage(stages, stage);
}

const doubtLine = ({ where, what }: Doubt): string => onOneLine(`  ${where}: ${what}`);

function commentStage(stages: YAMLMap, { name, from, description }: FoundStage): void {
  const key = stages.items.find(({ key: one }) => isScalar(one) && one.value === name)?.key;
  if (!isScalar(key)) return;
  key.commentBefore = onOneLine(` ${from}${description === undefined ? '' : `: ${description}`}`);
}
