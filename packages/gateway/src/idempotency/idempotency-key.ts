import { GatewayError } from '../errors.ts';

/** What a Structured Field string may hold (RFC 8941 section 3.3.3), its two escapes left out: nobody needs them in a key. */
const quoted = /^"([ !#-[\]-~]{1,255})"$/;
/** As clients send it that do not quote. */
const plain = /^[!#-+\--:<-[\]-~]{1,255}$/;

/**
 * The key of a request: the string of draft-ietf-httpapi-idempotency-key-header section 2.1, or the same characters without quotes.
 *
 * @throws GatewayError HF_GATEWAY_IDEMPOTENCY_KEY
 */
export function idempotencyKey(header: string): string {
  const inside = quoted.exec(header)?.[1];
  if (inside !== undefined) return inside;
  if (plain.test(header)) return header;
  throw new GatewayError('HF_GATEWAY_IDEMPOTENCY_KEY', 'the idempotency key is none', {
    where: 'header idempotency-key',
  });
}
