// The gateway with everything on: a key, a scope, two token buckets, schema, anomaly (ranges, Mahalanobis, ECOD), extraction, rounding, the
// chained log. With `plain` as the last word without anomaly and extraction.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiKeys } from '@holdfast/gateway/callers/api-keys/api-keys';
import { createKey } from '@holdfast/gateway/callers/api-keys/issue-keys';
import { Callers } from '@holdfast/gateway/callers/callers';
import { openGateway } from '@holdfast/gateway/gateway';
import { Upstream } from '@holdfast/gateway/http/upstream';
import { RequestLog } from '@holdfast/gateway/log/request-log';
import { hardening } from '@holdfast/gateway/protection/hardening/hardening';
import { schemaOf } from '@holdfast/gateway/protection/schema/schema-of';
import { schemaProtection } from '@holdfast/gateway/protection/schema/schema-protection';
import { openInference } from '@holdfast/gateway/protocols/open-inference/open-inference';
import { countedQuota } from '@holdfast/gateway/quotas/declared-quota';
import { MemoryQuotas } from '@holdfast/gateway/quotas/memory-quotas';
import { graphOf, node, tensorValue } from '@holdfast/onnx';
import { learntGuards } from './learnt-guards.ts';

const [port = '0', upstream = '0', features = '64', protections = 'all'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
const keys = join(folder, 'keys.json');
const { text } = await createKey(keys, { name: 'bench', scopes: ['model'] }, Date.now());

const graph = graphOf({
  name: 'model',
  inputs: [tensorValue('x', 'FLOAT', ['N', Number(features)])],
  outputs: [tensorValue('probability', 'FLOAT', ['N', 2])],
  nodes: [node('Identity', ['x'], ['probability'])],
});
const learnt = protections === 'all' ? learntGuards(Number(features)) : { inputs: [], outputs: [] };
const guards = {
  inputs: [{ protection: schemaProtection(schemaOf(graph)), mode: 'enforce' as const }, ...learnt.inputs],
  outputs: learnt.outputs,
  harden: hardening({ output: 'probability', holds: 'probabilities', decimals: 2, topK: 1 }),
};
const log = new RequestLog({ folder, name: 'bench', ended: () => undefined });
const bodies = { elements: 1_000_000, depth: 16, count: 1024 };
await openGateway(
  {
    routes: [
      {
        ...{ place: 0, model: 'model', environment: 'production', prefix: '', mostBytes: 2 ** 23, bodies },
        protocol: openInference({ served: 'model' }),
        upstream: new Upstream(`http://127.0.0.1:${upstream}`, { answer: 2 ** 26, timeMs: 10_000, concurrency: 256 }),
      },
    ],
    authenticator: new Callers({ keys: await ApiKeys.open(keys, { unusable: () => undefined }) }),
    authorise: ({ scopes }, { model }) => scopes?.includes(model) ?? true,
    quotas: new MemoryQuotas([
      countedQuota({ per: 'caller', rate: '1000000/s', burst: 1_000_000 }),
      countedQuota({ per: 'model', of: 'rows', rate: '1000000/s', burst: 1_000_000 }),
    ]),
    admission: () => ({ isAdmitted: true, artifact: `sha256:${'a'.repeat(64)}`, facts: {}, guards }),
    log: (entry, written) => {
      log.append(entry, written);
    },
    events: {
      failed: (error) => {
        console.error(error);
      },
    },
  },
  { address: '127.0.0.1', port: Number(port), times: { head: 10_000, request: 30_000, idle: 600_000 } },
);
console.log(`listening ${text}`);
