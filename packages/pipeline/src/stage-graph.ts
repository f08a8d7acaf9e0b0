import type { HoldfastConfig, SecretDeclaration } from '@holdfast/contracts';
import { PipelineError } from './errors.ts';
import { kindOfPath } from './kind.ts';
import { publicUri } from './sources/public-uri.ts';

/** An input or output of a stage, as a path in the project. */
export interface StageFile {
  /** Posix path relative to the project. */
  readonly path: string;
  /** Name under `artifacts:`, when it has one. */
  readonly artifact: string | undefined;
  readonly kind: string;
  readonly risk: string | undefined;
}

export interface StageInput extends StageFile {
  /** The stage that makes it, the first of several for a folder that they fill; `undefined` for what comes from outside. */
  readonly producer: string | undefined;
  /** Where it comes from. */
  readonly source: InputSource | undefined;
}

/** Where an input comes from: the only bytes that may come in, or who must have signed them. */
export interface InputSource {
  readonly name: string;
  /** Without what may be a secret. */
  readonly uri: string;
  readonly sha256: string | undefined;
  readonly signer: string | undefined;
}

export interface StageNode {
  readonly name: string;
  readonly command: string;
  readonly owner: string | undefined;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  readonly inputs: readonly StageInput[];
  /** Declared outputs, the metrics file among them. */
  readonly outputs: readonly StageFile[];
  readonly metrics: string | undefined;
  readonly toolchain: readonly string[];
  readonly secrets: readonly SecretDeclaration[];
  readonly sandbox: HoldfastConfig['stages'][string]['sandbox'];
  readonly maxAgeMs: number | undefined;
  /** Stages that must have run before. */
  readonly needs: readonly string[];
}

export interface StageGraph {
  /** In an order in which they can run. */
  readonly stages: readonly StageNode[];
  stage(name: string): StageNode;
  /** The stages behind a path, itself included, in running order. */
  behind(path: string): readonly StageNode[];
  /** The stages that need a stage, directly or not. */
  after(name: string): ReadonlySet<string>;
}

const within = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);
const overlap = (a: string, b: string): boolean => within(a, b) || within(b, a);

/**
 * Makes the graph of stages from their inputs and outputs.
 *
 * @throws PipelineError HF_STAGE_CYCLE, HF_STAGE_OUTPUT_SHARED, HF_STAGE_UNKNOWN
 */
export function stageGraph(config: HoldfastConfig): StageGraph {
  const outputs = collectOutputs(config);
  const producersOf = (path: string): readonly string[] => [
    ...new Set(outputs.filter((output) => overlap(path, output.path)).map(({ stage }) => stage)),
  ];
  const nodes = Object.entries(config.stages).map(([name, stage]) => stageNode(name, stage, config, producersOf));
  const stages = runningOrder(nodes);
  const byName = new Map(stages.map((stage) => [stage.name, stage]));
  const closure = (name: string, seen: Set<string> = new Set()): Set<string> => {
    if (seen.has(name)) return seen;
    seen.add(name);
    for (const need of byName.get(name)?.needs ?? []) closure(need, seen);
    return seen;
  };
  return {
    stages,
    stage(name) {
      const found = byName.get(name);
      if (found !== undefined) return found;
      const known = stages.map((stage) => `\`${stage.name}\``).join(', ');
      throw new PipelineError('HF_STAGE_UNKNOWN', `there is no stage \`${name}\`; there is ${known || 'none'}`);
    },
    behind(path) {
      const names = new Set<string>();
      for (const producer of producersOf(path)) closure(producer, names);
      return stages.filter((stage) => names.has(stage.name));
    },
    after: (name) =>
      new Set(
        stages.filter((stage) => stage.name !== name && closure(stage.name).has(name)).map((stage) => stage.name),
      ),
  };
}

function collectOutputs(config: HoldfastConfig): readonly { readonly path: string; readonly stage: string }[] {
  const outputs: { path: string; stage: string }[] = [];
  for (const [stage, { outputs: declared, metrics }] of Object.entries(config.stages)) {
    for (const entry of [...declared, ...(metrics === undefined ? [] : [metrics])]) {
      const path = pathOf(entry, config);
      const other = outputs.find((output) => overlap(path, output.path));
      if (other !== undefined && other.stage !== stage) {
        throw new PipelineError(
          'HF_STAGE_OUTPUT_SHARED',
          `\`${path}\` is written by \`${other.stage}\` and by \`${stage}\``,
        );
      }
      outputs.push({ path, stage });
    }
  }
  return outputs;
}

const pathOf = (entry: string, config: HoldfastConfig): string => config.artifacts[entry]?.path ?? entry;

function stageFile(entry: string, config: HoldfastConfig): StageFile {
  const path = pathOf(entry, config);
  const [artifact, declared] = Object.entries(config.artifacts).find(([, candidate]) => candidate.path === path) ?? [];
  return { path, artifact, kind: declared?.kind ?? kindOfPath(path), risk: declared?.risk };
}

function sourceOf(artifact: string | undefined, config: HoldfastConfig): StageInput['source'] {
  const name = artifact === undefined ? undefined : config.artifacts[artifact]?.source;
  const declared = name === undefined ? undefined : config.sources[name];
  return name === undefined || declared === undefined
    ? undefined
    : { name, uri: publicUri(declared.uri), sha256: declared.sha256, signer: declared.signer };
}

function stageNode(
  name: string,
  stage: HoldfastConfig['stages'][string],
  config: HoldfastConfig,
  producersOf: (path: string) => readonly string[],
): StageNode {
  const inputs = stage.inputs.map((entry) => {
    const file = stageFile(entry, config);
    return { ...file, producer: producersOf(file.path)[0], source: sourceOf(file.artifact, config) };
  });
  const entries = new Set([
    ...stage.outputs.map((entry) => pathOf(entry, config)),
    ...(stage.metrics === undefined ? [] : [stage.metrics]),
  ]);
  return {
    name,
    command: stage.command,
    owner: stage.owner,
    parameters: stage.parameters,
    inputs,
    outputs: [...entries].map((entry) => stageFile(entry, config)),
    metrics: stage.metrics,
    toolchain: stage.toolchain,
    secrets: stage.secrets,
    sandbox: stage.sandbox,
    maxAgeMs: stage.maxAge,
    needs: [...new Set(inputs.flatMap(({ path }) => producersOf(path)))],
  };
}

/** Depth first, in declared order; a stage that is met again on the way down closes a circle. */
function runningOrder(nodes: readonly StageNode[]): readonly StageNode[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const ordered: StageNode[] = [];
  const done = new Set<string>();
  const visit = (node: StageNode, path: readonly string[]): void => {
    if (done.has(node.name)) return;
    if (path.includes(node.name)) {
      const circle = [...path.slice(path.indexOf(node.name)), node.name].join(' → ');
      throw new PipelineError('HF_STAGE_CYCLE', `stages wait for each other: ${circle}`);
    }
    for (const need of node.needs) {
      const next = byName.get(need);
      if (next !== undefined) visit(next, [...path, node.name]);
    }
    done.add(node.name);
    ordered.push(node);
  };
  for (const node of nodes) visit(node, []);
  return ordered;
}
