import type { z } from 'zod';
import { duration } from './duration.ts';
import { projectPath } from './scalars.ts';
import { strict } from './shapes.ts';

/** A place that artifacts are promoted to, and the policy that guards it. */
export const environment = strict({
  policy: projectPath.describe('The Cedar policy that guards it, such as `policy/production.cedar`.'),
  maxAge: duration
    .exactOptional()
    .describe(
      'How old evidence may become before `holdfast run --due` renews it, such as `30d`; what counts is for the policy to say.',
    ),
});
export type Environment = z.output<typeof environment>;
