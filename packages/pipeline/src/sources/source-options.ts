import type { CheckRequest } from '@holdfast/contracts';
import type { ArtifactDigest } from '@holdfast/evidence/digest/index';
import { describeSource, type SourceKnowledge } from './described-source.ts';
import { sourceCheckName } from './source-check.ts';

/**
 * The options that a check runs with: `data.source` is told of the source of its artifact, and of when its bytes came in,
 * so that a report stands only as long as that is still so.
 */
export function withSource(
  { name, options }: CheckRequest,
  artifact: string,
  digest: ArtifactDigest,
  knowledge: SourceKnowledge,
): Record<string, unknown> {
  if (name !== sourceCheckName) return { ...options };
  const own = Object.fromEntries(Object.entries(options).filter(([option]) => option !== 'source'));
  const source = knowledge.config.artifacts[artifact]?.source;
  const described = source === undefined ? undefined : describeSource(source, { ...digest.digests }, knowledge);
  return described === undefined ? own : { ...own, source: described };
}
