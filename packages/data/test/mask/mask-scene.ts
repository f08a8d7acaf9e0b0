import { CellFailure } from '@holdfast/data/mask/cells/cell-failure';
import type { CellText, Transformation } from '@holdfast/data/mask/cells/transformation';
import { MaskingKey } from '@holdfast/data/mask/key/masking-key';
import { methodOf } from '@holdfast/data/mask/methods/methods';
import { parsePlan } from '@holdfast/data/mask/plan/parse-plan';
import { parseHierarchies } from '@holdfast/data/mask/plan/read-hierarchies';
import type { ColumnType } from '@holdfast/dataset';

/** 32 bytes that are a key of nobody. */
export const secret = Buffer.from('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f', 'hex');

interface Column {
  readonly name?: string;
  readonly type?: ColumnType;
  readonly hierarchies?: string;
  readonly way?: 'make' | 'inverse';
  readonly key?: Uint8Array;
}

/** What a plan makes of a column. */
export function transformation(plan: object | string, column: Column = {}): Transformation {
  const { name = 'column', type = 'text', hierarchies = '{}', way = 'make', key = secret } = column;
  const planned = parsePlan(JSON.stringify({ version: 1, columns: { [name]: plan } })).columns.get(name);
  if (planned === undefined) throw new Error('the plan has no column');
  const method = methodOf(planned.method);
  const made = method[way]?.(planned.parameters, {
    column: { name, type },
    key: () => new MaskingKey(key),
    hierarchy: (of) => parseHierarchies(hierarchies).get(of)!,
  });
  if (made === undefined) throw new Error(`${planned.method} has no way back`);
  return made;
}

/** What becomes of one cell; of a failure, its reason with a question mark before it. */
export function cellOf(
  plan: object | string,
  text: string,
  column: Column = {},
  beside: readonly CellText[] = [],
): CellText {
  const made = transformation(plan, column).transform(text, beside);
  return made instanceof CellFailure ? `?${made.reason}` : made;
}
