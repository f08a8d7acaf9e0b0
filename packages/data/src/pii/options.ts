import type { TableOptions } from '@holdfast/dataset';
import { tableProperties } from '../table-options.ts';

/** What is looked for, whichever check asks. */
export interface LookingOptions extends TableOptions {
  readonly minConfidence: number;
  readonly samples: number;
  readonly sampleKey?: string;
  readonly classifier?: string;
}

export interface PiiOptions extends LookingOptions {
  readonly allow: readonly string[];
  readonly fail: readonly string[];
}

const listed = { type: 'array', items: { type: 'string', minLength: 1, maxLength: 200 }, maxItems: 1000 } as const;

/** Options of `data.pii` and `data.classify` alike. */
export const lookingProperties = {
  minConfidence: {
    ...{ type: 'number', minimum: 0.05, maximum: 0.99, default: 0.5 },
    description: 'the probability from which on something is taken for what it looks like',
  },
  samples: {
    ...{ type: 'integer', minimum: 0, maximum: 10, default: 3 },
    description: 'hashes that stand for values, of each kind in each column; values themselves are never shown',
  },
  sampleKey: {
    type: 'string',
    description:
      'a file with at least 32 random bytes, with which samples of several reports can be compared; unless given, the key is made and forgotten',
  },
  classifier: {
    type: 'string',
    description: 'a folder with a classifier of tokens as ONNX, which looks for names and addresses in free text',
  },
} as const;

/** The JSON Schema of the options of `data.pii`. */
export const piiSchema = {
  type: 'object',
  properties: {
    allow: {
      ...{ ...listed, default: [] },
      description: 'kinds of data (email) and names of columns that may be there, because it is known and declared',
    },
    fail: {
      ...{ ...listed, default: [] },
      description:
        'kinds (us-ssn) and classes (secret, special, pci, hipaa, ccpa, financial, pii) with which the check fails; the others warn',
    },
    ...lookingProperties,
    ...tableProperties,
  },
  additionalProperties: false,
} as const;
