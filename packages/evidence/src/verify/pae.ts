const text = new TextEncoder();

/**
 * DSSE's pre-authentication encoding, version 1: what a DSSE signature signs.
 * `"DSSEv1" SP LEN(type) SP type SP LEN(body) SP body`, lengths in bytes as ASCII decimals.
 *
 * Source: DSSE protocol, "Signature Definition" (secure-systems-lab/dsse, protocol.md, v1.0.2).
 */
export function preAuthenticationEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = text.encode(payloadType);
  const head = text.encode(`DSSEv1 ${type.length} ${payloadType} ${payload.length} `);
  const encoded = new Uint8Array(head.length + payload.length);
  encoded.set(head);
  encoded.set(payload, head.length);
  return encoded;
}
