import type { DatasetProfile } from '@holdfast/evidence';
import type { FeatureBounds } from './input-schema.ts';

type Column = DatasetProfile['columns'][number];
type Bounds = Omit<FeatureBounds, 'feature' | 'input' | 'at'>;

interface ColumnBounds {
  readonly bounds?: Bounds;
  /** Why its values are not bounded, or only in part. */
  readonly reason?: string;
}

/**
 * What the values of a column may be, going by its profile.
 * @param isText whether requests carry it as text
 * @param margin by how much of its width the range is widened at both ends
 */
export function boundsOf(column: Column, isText: boolean, margin: number): ColumnBounds {
  const mayBeMissing = column.missing > 0;
  if (isText) return textBounds(column, mayBeMissing);
  switch (column.type) {
    case 'boolean':
      return { bounds: { least: 0, greatest: 1, isWhole: true, mayBeMissing } };
    case 'integer':
    case 'decimal':
    case 'number':
      return numberBounds(column, margin, mayBeMissing);
    case 'text':
    case 'date':
    case 'time':
    case 'timestamp':
    case 'bytes':
    case 'nested':
      return { reason: `it is \`${column.type}\` in the training data and a number in requests` };
  }
}

function numberBounds({ type, numbers }: Column, margin: number, mayBeMissing: boolean): ColumnBounds {
  const isWhole = type === 'integer';
  const { least, greatest } = numbers ?? {};
  if (least === undefined || greatest === undefined) {
    return { bounds: { isWhole, mayBeMissing }, reason: 'the profile leaves its range out' };
  }
  const more = (greatest - least) * margin;
  return { bounds: { least: least - more, greatest: greatest + more, isWhole, mayBeMissing } };
}

/** Categories, where the profile names every one of them. */
function textBounds({ type, top, distinct }: Column, mayBeMissing: boolean): ColumnBounds {
  const bounds = { isWhole: false, mayBeMissing };
  if (type !== 'text' && type !== 'boolean') {
    return { reason: `it is \`${type}\` in the training data and a text in requests` };
  }
  const values = top?.values ?? [];
  const isWhole = top?.isExact === true && distinct?.isExact === true && distinct.count === values.length;
  if (!isWhole || values.some(({ isCut }) => isCut === true)) {
    return { bounds, reason: 'the profile does not name all of its values' };
  }
  return { bounds: { ...bounds, categories: values.map(({ value }) => value) } };
}
