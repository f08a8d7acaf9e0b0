import { join, posix } from 'node:path';
import type { ArtifactReader, Check } from '@holdfast/evidence/check';
import { digestArtifact } from '@holdfast/evidence/digest/artifact';
import { sameDigests } from '@holdfast/evidence/statement';
import { externalFiles } from '@holdfast/inference';
import { TrialsError } from '../errors.ts';
import { robustnessOptions } from './options.ts';
import { trialRobustness } from './run-robustness.ts';

/** The check behind `robustnessCheck`: attacks the one ONNX file of the artifact. */
export const robustnessCheckRun: Check = {
  async run(artifact, given, context) {
    const options = robustnessOptions(given as Readonly<Record<string, unknown>>);
    const data = context.inputs['data'];
    if (data === undefined) throw new TrialsError('HF_TRIALS_DATA', `there is no \`${options.data}\``);
    const columns = context.inputs['columns'];
    if (options.columns !== undefined && columns === undefined) {
      throw new TrialsError('HF_TRIALS_COLUMNS', `there is no \`${options.columns}\``);
    }
    const report = await trialRobustness(modelPath(artifact), options, {
      dataPath: data.path,
      ...(columns === undefined ? {} : { columnsPath: columns.path }),
      progress: (done) => {
        context.signal.throwIfAborted();
        context.progress(done);
      },
    });
    await requireDigested(artifact);
    await requireDigested(data);
    if (columns !== undefined) await requireDigested(columns);
    return report;
  },
};

/** The path of the one ONNX file; files beside it that the runtime reads with it have to be of the artifact, too. */
function modelPath(artifact: ArtifactReader): string {
  const file = modelFile(artifact);
  const isFolder = artifact.digest['dirHash'] !== undefined;
  const path = isFolder ? join(artifact.path, file) : artifact.path;
  const digested = new Set(isFolder ? artifact.files.map(({ name }) => name) : []);
  const odd = externalFiles(path).find((name) => !digested.has(posix.join(posix.dirname(file), name)));
  if (odd === undefined) return path;
  throw new TrialsError(
    'HF_TRIALS_MODEL',
    `\`${odd}\`, which holds weights of \`${file}\`, is no part of the artifact`,
    {
      fix: 'declare the folder with both files as the artifact',
    },
  );
}

function modelFile({ name, files }: ArtifactReader): string {
  const models = files.filter((file) => file.name.toLowerCase().endsWith('.onnx'));
  const [first] = models;
  if (first !== undefined && models.length === 1) return first.name;
  const listed = models.map((file) => `\`${file.name}\``).join(', ');
  throw new TrialsError(
    'HF_TRIALS_MODEL',
    first === undefined ? `\`${name}\` holds no ONNX file` : `\`${name}\` holds several ONNX files: ${listed}`,
    { fix: 'declare the one that is attacked as an artifact of its own, with the path of the file' },
  );
}

/** What the trial read must be what was digested. */
async function requireDigested({ name, path, digest }: ArtifactReader): Promise<void> {
  const { digests } = await digestArtifact(path, { force: true });
  if (sameDigests({ ...digests }, digest)) return;
  throw new TrialsError('HF_TRIALS_DATA', `\`${name}\` is not what was digested: something wrote to it meanwhile`, {
    fix: 'run it again when nothing writes to it',
  });
}
