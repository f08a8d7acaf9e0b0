import type { ProfileAbout } from '@holdfast/data';
import { artifactReader, type CheckedArtifact } from './checked-artifact.ts';
import type { Project } from './project.ts';
import { publicUri } from './sources/public-uri.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** What `holdfast.yaml` says about an artifact and its source, and which bytes they are, for whoever describes them. */
export function aboutArtifact(artifact: CheckedArtifact, project?: Pick<Project, 'config'>): ProfileAbout {
  const { name, digest, classification, files } = artifactReader(artifact);
  return {
    ...{ name, digest, files },
    ...(classification === undefined ? {} : { classification }),
    ...sourceOf(name, project),
  };
}

function sourceOf(artifact: string, project?: Pick<Project, 'config'>): Partial<ProfileAbout> {
  const { artifacts = {}, sources = {} } = project?.config ?? {};
  const named = Object.hasOwn(artifacts, artifact) ? artifacts[artifact]?.source : undefined;
  const source = named !== undefined && Object.hasOwn(sources, named) ? sources[named] : undefined;
  if (source === undefined) return {};
  const { uri, license, consent, retention } = source;
  return {
    source: publicUri(uri),
    ...(license === undefined ? {} : { licence: license }),
    ...(consent === undefined ? {} : { consent }),
    ...(retention === undefined ? {} : { retention: `${retention / dayMs} days` }),
  };
}
