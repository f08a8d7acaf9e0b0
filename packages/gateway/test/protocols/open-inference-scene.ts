import { readFileSync } from 'node:fs';
import { GatewayError } from '../../src/errors.ts';
import type { HttpBody, Protocol } from '../../src/protocols/inference.ts';
import { openInference } from '../../src/protocols/open-inference/open-inference.ts';

export const limits = { elements: 10_000, depth: 16, count: 32 };
export const protocol = openInference({ served: 'mymodel' });

export const json = (body: unknown): HttpBody => ({
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  headers: { 'content-type': 'application/json' },
});

export const binary = (head: unknown, ...data: readonly Uint8Array[]): HttpBody => {
  const text = Buffer.from(JSON.stringify(head));
  return {
    body: Buffer.concat([text, ...data]),
    headers: {
      'content-type': 'application/octet-stream',
      'inference-header-content-length': String(text.length),
    },
  };
};

/** The code and the place of what a parser refuses. */
export function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return `${error.code} ${error.where ?? ''}`;
  }
  return 'taken';
}

export const ofRequest = (http: HttpBody, by: Protocol = protocol): string =>
  refusal(() => by.readRequest(http, limits));

export interface RecordedRequest {
  readonly body: string;
  readonly header: number | null;
  readonly tensors: readonly {
    readonly name: string;
    readonly datatype: string;
    readonly shape: readonly number[];
    readonly values: readonly (string | number)[];
  }[];
}

export interface Recorded {
  readonly binary: RecordedRequest;
  readonly json: RecordedRequest;
  readonly single: readonly RecordedRequest[];
  readonly halves: {
    readonly widened: readonly (readonly [number, string])[];
    readonly narrowed: readonly (readonly [string, number])[];
  };
}

/** By `tools/peers/record-open-inference.py`. */
export const recorded = JSON.parse(
  readFileSync(new URL('../fixtures/open-inference-tritonclient-2.73.0.json', import.meta.url), 'utf8'),
) as Recorded;

export function recordedHttp({ body, header }: RecordedRequest): HttpBody {
  const headers = header === null ? {} : { 'inference-header-content-length': String(header) };
  return {
    body: Buffer.from(body, 'base64'),
    headers: { ...headers, 'content-type': header === null ? 'application/json' : 'application/octet-stream' },
  };
}
