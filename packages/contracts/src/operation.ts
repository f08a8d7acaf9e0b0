import type { z } from 'zod';
import { name } from './scalars.ts';
import { strict } from './shapes.ts';

/** Who may do something to data outside of a stage: `holdfast data quarantine`, `data mask`, `data anonymise`, `harden …`. */
export const operation = strict({
  owner: name.exactOptional().describe('The key or role whose provenance counts (any builder).'),
});
export type Operation = z.output<typeof operation>;
