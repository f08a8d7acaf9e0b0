import type { HttpBody } from '../inference.ts';
import { malformed } from '../malformed.ts';

/** The two parts of a body: a JSON text, and binary data behind it. */
export interface SplitBody {
  readonly whole: Buffer;
  readonly json: Buffer;
  /** Whether the header says where JSON ends; binary data is only taken then. */
  readonly isSplit: boolean;
}

/** Splits a body where `inference-header-content-length` says. @throws GatewayError HF_GATEWAY_MALFORMED */
export function splitBody({ body, headers }: HttpBody): SplitBody {
  const whole = Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const header = headers['inference-header-content-length'];
  if (header === undefined) return { whole, json: whole, isSplit: false };
  const length = /^[1-9][0-9]{0,14}$/.test(header) ? Number(header) : Infinity;
  if (length > whole.length) {
    throw malformed(
      'the length of the JSON part is no number within the body',
      'header inference-header-content-length',
    );
  }
  return { whole, json: whole.subarray(0, length), isSplit: true };
}
