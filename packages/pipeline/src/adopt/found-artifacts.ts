import { kindOfPath } from '../kind.ts';
import type { Doubt, FoundArtifact, FoundStage } from './found.ts';
import { isInOneOf } from './output-index.ts';
import type { ProjectFolder } from './project-folder.ts';
import { isWithin } from './project-path.ts';
import { outputsOf } from './stage-order.ts';

const dataEnding = /\.(?:csv|tsv|parquet|arrow|feather|jsonl|npy|npz)$/i;
const modelName = /(?:^|\/)(?:models?|weights)(?:\.[a-z0-9]+)?$/i;
const modelEnding = /\.(?:onnx|pt|pth|ckpt|pkl|joblib|safetensors|h5|keras|gguf|ubj|tflite)$/i;
/** Data sets that get a name. */
const mostNamed = 100;

/**
 * What becomes an artifact: data that DVC tracks, data that stages read from outside, other data files; models that
 * stages make or read.
 *
 * @param known what DVC tracks or names
 */
export function foundArtifacts(
  stages: readonly FoundStage[],
  known: readonly FoundArtifact[],
  folder: ProjectFolder,
  doubts: Doubt[],
): { readonly data: readonly FoundArtifact[]; readonly models: readonly FoundArtifact[] } {
  const outputs = new Set(stages.flatMap(outputsOf));
  const isMade = (path: string): boolean => isInOneOf(path, outputs);
  const found = new Map(known.map((artifact) => [artifact.path, artifact]));
  const add = (path: string, kind: FoundArtifact['kind']): void => {
    if (!isInOneOf(path, found)) found.set(path, { path, kind });
  };
  for (const path of [...outputs].filter((one) => modelEnding.test(one) || modelName.test(one))) add(path, 'model');
  const inputs = [...new Set(stages.flatMap((stage) => stage.inputs))].filter((path) => !isMade(path));
  for (const path of inputs.filter((one) => isData(one, folder)))
    add(path, modelEnding.test(path) ? 'model' : 'dataset');
  for (const path of folder.files.filter((one) => dataEnding.test(one) && !isMade(one))) add(path, 'dataset');
  const data = [...found.values()].filter(({ kind }) => kind === 'dataset');
  if (data.length > mostNamed) {
    doubts.push({
      where: 'holdfast.yaml',
      what: `names ${mostNamed} of ${data.length} files of data: name the folder that holds them`,
    });
  }
  return { data: data.slice(0, mostNamed), models: [...found.values()].filter(({ kind }) => kind === 'model') };
}

/** A file with the ending of data or of a model, or a folder without code in it. */
function isData(path: string, folder: ProjectFolder): boolean {
  if (folder.isFile(path)) return dataEnding.test(path) || modelEnding.test(path);
  if (!folder.isFolder(path)) return false;
  const files = folder.files.filter((file) => isWithin(file, path));
  return files.length > 0 && !files.some((file) => kindOfPath(file) === 'code');
}
