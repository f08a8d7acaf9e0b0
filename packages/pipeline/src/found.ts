import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { PipelineError } from './errors.ts';

/** A stage that was found in a folder. */
export interface FoundStage {
  readonly name: string;
  readonly command: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly metrics: string | undefined;
}

/** What a folder holds, and what a configuration can be made from. */
export interface Found {
  /** What it was found in: `train.py`, `dvc.yaml (2 stages)`. */
  readonly sources: readonly string[];
  readonly stages: readonly FoundStage[];
  readonly data: readonly string[];
  readonly models: readonly string[];
  /** What could not be told, one line each. */
  readonly doubts: readonly string[];
}

const ignored = new Set(['.git', '.holdfast', '.dvc', 'node_modules', '.venv', 'venv', '__pycache__', 'policy']);
const maximumFiles = 5000;
const maximumBytes = 1024 * 1024;
const dataEnding = /\.(csv|tsv|parquet|arrow|feather|jsonl|npy|npz)$/i;
const modelName = /(^|\/)(models?|weights)(\.[a-z0-9]+)?$/i;
const modelEnding = /\.(onnx|pt|pth|pkl|joblib|safetensors|h5|keras|gguf|ubj|tflite)$/i;

/** Looks at a folder: `dvc.yaml` first, else scripts whose names tell their stage. */
export async function lookAround(folder: string): Promise<Found> {
  const files = await listFiles(folder);
  const data = files.filter((file) => dataEnding.test(file));
  const dvc = files.includes('dvc.yaml') ? await dvcStages(join(folder, 'dvc.yaml')) : undefined;
  if (dvc !== undefined) {
    return describe([`dvc.yaml (${dvc.length} ${dvc.length === 1 ? 'stage' : 'stages'})`], dvc, data);
  }
  const scripts = scriptStages.flatMap(({ name, pattern }) => {
    const script = files.find((file) => pattern.test(file));
    return script === undefined ? [] : [{ name, script }];
  });
  const stages = await readScripts(folder, scripts);
  return describe(
    scripts.map(({ script }) => script),
    stages,
    data,
  );
}

function describe(sources: readonly string[], stages: readonly FoundStage[], data: readonly string[]): Found {
  const outputs = new Set(stages.flatMap((stage) => stage.outputs));
  const doubts = stages
    .filter((stage) => stage.outputs.length === 0 && stage.metrics === undefined)
    .map((stage) => `what \`${stage.name}\` writes: add its outputs to holdfast.yaml`);
  return {
    sources,
    stages,
    data: data.filter((file) => !outputs.has(file) && ![...outputs].some((output) => file.startsWith(`${output}/`))),
    models: [...outputs].filter((file) => modelEnding.test(file) || modelName.test(file)),
    doubts,
  };
}

const scriptStages = [
  { name: 'prepare', pattern: /^(src\/|scripts\/)?(prepare|preprocess|featuri[sz]e|clean)\w*\.(py|ts|js|mjs|sh)$/i },
  { name: 'train', pattern: /^(src\/|scripts\/)?(train|fit)\w*\.(py|ts|js|mjs|sh)$/i },
  { name: 'evaluate', pattern: /^(src\/|scripts\/)?(eval|evaluate|score)\w*\.(py|ts|js|mjs|sh)$/i },
] as const;

async function listFiles(folder: string, prefix = '', depth = 4): Promise<string[]> {
  const files: string[] = [];
  for (const entry of await readdir(join(folder, prefix), { withFileTypes: true }).catch(() => [])) {
    if (ignored.has(entry.name) || files.length > maximumFiles) continue;
    const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isFile()) files.push(path);
    else if (entry.isDirectory() && depth > 0) files.push(...(await listFiles(folder, path, depth - 1)));
  }
  return files.sort();
}

const interpreters: Readonly<Record<string, string>> = { py: 'python', ts: 'node', js: 'node', mjs: 'node', sh: 'sh' };

async function readScripts(
  folder: string,
  scripts: readonly { name: string; script: string }[],
): Promise<readonly FoundStage[]> {
  const stages: FoundStage[] = [];
  for (const { name, script } of scripts) {
    const { reads, writes } = pathsIn(await readFile(join(folder, script), 'utf8'));
    const made = new Set(
      stages.flatMap((stage) => [...stage.outputs, ...(stage.metrics === undefined ? [] : [stage.metrics])]),
    );
    const own = writes.filter((path) => !made.has(path));
    const metrics = own.find((path) => /metrics?\.json$|scores?\.json$/.test(path));
    stages.push({
      name,
      command: `${interpreters[script.split('.').at(-1) ?? ''] ?? 'sh'} ${script}`,
      inputs: [script, ...reads.filter((path) => !own.includes(path))],
      outputs: own.filter((path) => path !== metrics),
      metrics,
    });
  }
  return stages;
}

const pathLiteral =
  /["'`]((?:\.\/)?[A-Za-z0-9_][A-Za-z0-9_.\-/]*\.(?:csv|tsv|parquet|arrow|feather|jsonl|json|npy|npz|onnx|pt|pth|pkl|joblib|safetensors|h5|keras|ubj))["'`]/g;
const writingHint = /write|dump|to_csv|to_parquet|to_json|save|['"]w[b]?['"]|export|output/i;

/** The paths that a script names, sorted by whether their line looks like writing. A guess, and said to be one. */
export function pathsIn(script: string): { readonly reads: readonly string[]; readonly writes: readonly string[] } {
  const reads = new Set<string>();
  const writes = new Set<string>();
  for (const line of script.split('\n').slice(0, 20_000)) {
    for (const [, path = ''] of line.slice(0, 2000).matchAll(pathLiteral)) {
      (writingHint.test(line.replaceAll(path, '')) ? writes : reads).add(path.replace(/^\.\//, ''));
    }
  }
  return { reads: [...reads].filter((path) => !writes.has(path)), writes: [...writes] };
}

interface DvcStage {
  readonly cmd?: unknown;
  readonly deps?: unknown;
  readonly outs?: unknown;
  readonly metrics?: unknown;
}

/**
 * The stages of a `dvc.yaml` (dvc.org/doc/user-guide/project-structure/dvcyaml-files).
 *
 * @throws PipelineError HF_CONFIG_YAML
 */
async function dvcStages(file: string): Promise<readonly FoundStage[]> {
  const parsed = parseDvc(await readFile(file, 'utf8'), file);
  const stages = mapping(mapping(parsed)['stages']);
  return Object.entries(stages).map(([name, value]) => {
    const stage: DvcStage = mapping(value);
    return {
      name: name.toLowerCase().replaceAll(/[^a-z0-9._-]/g, '-'),
      command: [stage.cmd]
        .flat()
        .filter((line) => typeof line === 'string')
        .join(' && '),
      inputs: dvcPaths(stage.deps),
      outputs: dvcPaths(stage.outs),
      metrics: dvcPaths(stage.metrics).find((path) => path.endsWith('.json')),
    };
  });
}

const mapping = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

function parseDvc(text: string, file: string): unknown {
  if (text.length > maximumBytes)
    throw new PipelineError('HF_CONFIG_YAML', `\`${file}\` is over 1 MiB`, { where: file });
  try {
    return parse(text, { maxAliasCount: 100, uniqueKeys: false, logLevel: 'error' });
  } catch (cause) {
    throw new PipelineError('HF_CONFIG_YAML', `\`${file}\` is not valid YAML`, { where: file, cause });
  }
}

/** DVC writes a path as text, or as a mapping from the path to its options. */
function dvcPaths(list: unknown): string[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: unknown) => {
    if (typeof item === 'string') return [item];
    return typeof item === 'object' && item !== null ? Object.keys(item).slice(0, 1) : [];
  });
}
