import type { PoisonScene } from '../scene.ts';

/** What a model makes of a row that cannot be compared with others, in words. */
export function oddEmbedding({ values, width }: NonNullable<PoisonScene['embeddings']>): string | undefined {
  const at = values.findIndex((value) => !Number.isFinite(value));
  return at < 0 ? undefined : `what the model makes of row ${Math.floor(at / width) + 1} is not finite`;
}
