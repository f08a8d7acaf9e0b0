import { z } from 'zod';
import { holdfastYaml } from './holdfast-yaml.ts';

/**
 * The JSON Schema (draft 2020-12) of `holdfast.yaml`, for editors: of the file as it is written, before defaults. It is
 * a little laxer than `holdfastYaml`, which also looks at what the pieces say about each other.
 * @param id the `$id` of the schema: where it is published
 */
export function holdfastJsonSchema(id: string): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(holdfastYaml, { target: 'draft-2020-12', io: 'input' });
  return { $schema, $id: id, title: 'holdfast.yaml', ...schema };
}
