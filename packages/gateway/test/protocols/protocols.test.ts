import { protocolNames } from '@holdfast/contracts/gateway';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import type { Protocol } from '../../src/protocols/inference.ts';
import { type ProtocolName, protocolOf } from '../../src/protocols/protocols.ts';
import { json, limits, refusal } from './open-inference-scene.ts';

const pointed = [{ name: 'x', pointer: '/x' }];
const model = { served: 'm', json: { path: '/predict', inputs: pointed, outputs: pointed } };

it.each(protocolNames)('%s is made by its name', (name) => {
  expect(protocolOf(name, model).name).toBe(name);
});

it('plain JSON declares its tensors', () => {
  expect(refusal(() => protocolOf('json', { served: 'm' }))).toBe('HF_GATEWAY_CONFIGURATION json');
});

const bodies: Readonly<Record<Exclude<ProtocolName, 'open-inference'>, string>> = {
  'tensorflow-serving':
    '{"signature_name":"serving_default","instances":[{"a":[1.5,-2],"b":{"b64":"aaaa"}},{"a":[NaN,4],"b":"\\u00fc"}]}',
  mlflow: '{"dataframe_split":{"columns":["a","b"],"index":[0,1],"data":[[1,"x"],[null,"y"]]},"predictions":[{"a":1}]}',
  torchserve: '[[1, 2.5e3], [3, 9007199254740993]]',
  sagemaker: '{"instances":[{"features":[1.5,16]},{"features":[2,3]}]}',
  json: '{"y":[{}],"x":[[true,false]]}',
  'openai-chat':
    '{"model":"m","messages":[{"role":"user","content":"\\ud83d\\ude00"}],"n":2,"max_tokens":5,"stream":true}',
};

function tries(protocol: Protocol, body: Buffer): void {
  for (const read of ['readRequest', 'readResponse'] as const) {
    try {
      protocol[read]({ ...json(''), body }, limits);
    } catch (error) {
      expect(error).toBeInstanceOf(GatewayError);
    }
  }
}

describe('random bytes are refused by a code or understood, never anything else', () => {
  const change = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    piece: fc.oneof(
      fc.uint8Array({ maxLength: 2 }),
      fc.constantFrom(...Array.from('[]{},:"0.-e\\n')).map((one) => Buffer.from(one)),
    ),
    removed: fc.integer({ min: 0, max: 3 }),
  });

  it.each(Object.keys(bodies) as (keyof typeof bodies)[])('%s', (name) => {
    const protocol = protocolOf(name, model);
    tries(protocol, Buffer.from(bodies[name]));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        let body = Buffer.from(bodies[name]);
        for (const { at, piece, removed } of changes) {
          const place = Math.floor(at * body.length);
          body = Buffer.concat([body.subarray(0, place), piece, body.subarray(place + removed)]);
        }
        tries(protocol, body);
      }),
      { numRuns: 2000 },
    );
  });
});
