import type { ColumnType } from '@holdfast/dataset';
import type { Transformation } from '../cells/transformation.ts';
import type { MaskingKey } from '../key/masking-key.ts';
import type { Hierarchy } from '../plan/read-hierarchies.ts';

/** What a method knows of the column that it is for, and what it may ask for. */
export interface MethodContext {
  readonly column: { readonly name: string; readonly type: ColumnType };
  /** @throws DataError HF_DATA_MASK_KEY where none was named */
  readonly key: () => MaskingKey;
  /** @throws DataError HF_DATA_MASK_PLAN where there is none of the name */
  readonly hierarchy: (name: string) => Hierarchy;
}

/** One way to make values of a column less telling; `Parameters` is what its schema admits, with its defaults. */
export interface Method<Parameters extends object = object> {
  /** One line. */
  readonly title: string;
  /** JSON Schema of the parameters that a plan may say beside `method`. */
  readonly parameters: {
    readonly properties: Readonly<Record<string, object>>;
    readonly required?: readonly string[];
  };
  /** Types of columns that it has a meaning for; all where it is absent. */
  readonly types?: readonly ColumnType[];
  /** Columns of the table that the parameters name. */
  columns?(parameters: Parameters): readonly string[];
  /** @throws DataError HF_DATA_MASK_PLAN, HF_DATA_MASK_KEY */
  make(parameters: Parameters, context: MethodContext): Transformation;
  /** The way back, where there is one. */
  inverse?(parameters: Parameters, context: MethodContext): Transformation;
}

/** Types whose values are written as text that people read. */
export const readable: readonly ColumnType[] = ['integer', 'decimal', 'number', 'text', 'date', 'time', 'timestamp'];

export const numeric: readonly ColumnType[] = ['integer', 'decimal', 'number', 'text'];

export const dated: readonly ColumnType[] = ['date', 'timestamp', 'text', 'integer'];

/** What tells the keys of different uses apart; the same in two plans where their outputs are to be joined. */
export const domainProperty = { type: 'string', minLength: 1, maxLength: 200 } as const;
