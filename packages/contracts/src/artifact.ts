import { z } from 'zod';
import { classification } from './confidentiality.ts';
import { name, projectPath } from './scalars.ts';
import { strict } from './shapes.ts';
import { expected } from './wording.ts';

/** What an artifact can be. */
export const artifactKinds = ['dataset', 'model', 'image', 'configuration', 'report', 'code'] as const;
/** How much harm a wrong artifact can do. */
export const risks = ['low', 'medium', 'high'] as const;

function oneOf<const Values extends readonly [string, ...string[]]>(values: Values) {
  return z.enum(values, { error: expected(`one of ${values.map((value) => `\`${value}\``).join(', ')}`) });
}

/** Something in the project that has a digest. */
export const artifact = strict({
  path: projectPath.describe('The file or folder, relative to the project.'),
  kind: oneOf(artifactKinds).describe('What it is; decides which checks apply.'),
  source: name.exactOptional().describe('The entry of `sources` that it comes from.'),
  classification: classification
    .exactOptional()
    .describe(
      'How confidential it is; not more open than its source. Reading what is `confidential` or `restricted` leaves evidence.',
    ),
  risk: oneOf(risks).exactOptional().describe('How much harm it can do; a policy demands more when it is high.'),
});
export type Artifact = z.output<typeof artifact>;
export type ArtifactKind = (typeof artifactKinds)[number];
