import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { CellFailure } from '../cells/cell-failure.ts';
import type { CellText } from '../cells/transformation.ts';
import { domainProperty, type Method, type MethodContext } from './method.ts';

interface EncryptParameters {
  readonly domain?: string;
  readonly row: readonly string[];
}

/** Before every cell that was encrypted. */
const mark = 'hfe1.';
const nonceBytes = 12;
const tagBytes = 16;

const associated = (column: string, row: readonly CellText[]): Buffer =>
  Buffer.from(JSON.stringify(['holdfast/data.mask/v1/encrypt', column, row]), 'utf8');

const keyOf = ({ domain }: EncryptParameters, { column, key }: MethodContext): KeyObject =>
  createSecretKey(key().derived('encrypt', domain ?? column.name));

/**
 * AES-256-GCM (NIST SP 800-38D) with 96 random bits as nonce: equal values come out different. A cell is `hfe1.` and the base64url
 * of nonce ‖ ciphertext ‖ tag. Its associated data are the name of the column and the cells of the columns in `row`: a cell that
 * is moved to another column, or beside other such cells, does not decrypt. Without `row`, cells of a column can be exchanged unseen.
 * Lengths are not hidden. One key is good for 2³² cells of one domain.
 */
export const encrypt: Method<EncryptParameters> = {
  title: 'AES-256-GCM under a key: whoever has it can take it back',
  parameters: {
    properties: {
      domain: { ...domainProperty, description: 'the name of the column unless given' },
      row: {
        type: 'array',
        items: { type: 'string', maxLength: 1000 },
        maxItems: 8,
        uniqueItems: true,
        default: [],
        description: 'columns of the row that the cell belongs to; they must be kept',
      },
    },
  },
  columns: ({ row }) => row,
  make(parameters, context) {
    const secret = keyOf(parameters, context);
    return {
      ...{ beside: parameters.row, type: 'VARCHAR' },
      transform(text, row) {
        const nonce = randomBytes(nonceBytes);
        const cipher = createCipheriv('aes-256-gcm', secret, nonce, { authTagLength: tagBytes });
        cipher.setAAD(associated(context.column.name, row));
        const body = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
        return mark + body.toString('base64url');
      },
    };
  },
  inverse(parameters, context) {
    const secret = keyOf(parameters, context);
    return {
      ...{ beside: parameters.row, type: 'VARCHAR' },
      transform: (text, row) => opened(text, secret, associated(context.column.name, row)),
    };
  },
};

function opened(text: string, secret: KeyObject, data: Buffer): string | CellFailure {
  if (!text.startsWith(mark)) return new CellFailure('not-encrypted');
  const body = Buffer.from(text.slice(mark.length), 'base64url');
  if (body.length < nonceBytes + tagBytes || mark + body.toString('base64url') !== text) {
    return new CellFailure('not-encrypted');
  }
  const decipher = createDecipheriv('aes-256-gcm', secret, body.subarray(0, nonceBytes), { authTagLength: tagBytes });
  decipher.setAAD(data);
  decipher.setAuthTag(body.subarray(body.length - tagBytes));
  const opening = decipher.update(body.subarray(nonceBytes, body.length - tagBytes));
  try {
    return Buffer.concat([opening, decipher.final()]).toString('utf8');
  } catch {
    return new CellFailure('not-authentic');
  }
}
