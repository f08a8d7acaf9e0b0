import { profileCheck } from '@holdfast/data/check';
import type { Report } from '@holdfast/evidence/check';
import { digestArtifact } from '@holdfast/evidence/digest/index';
import { artifactReader } from '../checked-artifact.ts';
import type { Project } from '../project.ts';

/**
 * Looks into new bytes of a source as the `data.profile` of its artifact does, with the options that are declared for that;
 * where none are, with none. What is no table that can be read leaves nothing to compare, and is said as left.
 *
 * @param path of the bytes, in quarantine
 */
export async function profileSource(
  { config }: Pick<Project, 'config'>,
  path: string,
  artifact: string,
  signal: AbortSignal,
): Promise<Report> {
  const declared = config.artifacts[artifact];
  const options = config.checks[artifact]?.find(({ name }) => name === profileCheck.name)?.options ?? {};
  const digest = await digestArtifact(path, { force: true });
  const subject = {
    ...{ name: artifact, kind: declared?.kind ?? ('dataset' as const), path, digest },
    ...(declared?.classification === undefined ? {} : { classification: declared.classification }),
  };
  try {
    const check = await profileCheck.load();
    return await check.run(artifactReader(subject), options, { signal, inputs: {}, progress: () => undefined });
  } catch (error) {
    signal.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    return {
      ...{ verdict: 'unknown', origin: 'measured', metrics: {}, findings: [] },
      coverage: { examined: 0, total: 1, left: [`the new bytes could not be looked into: ${why.slice(0, 500)}`] },
    };
  }
}
