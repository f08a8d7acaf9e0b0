// The gateway before a server that streams: a key, token buckets in tokens, the chained log.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiKeys } from '@holdfast/gateway/callers/api-keys/api-keys';
import { createKey } from '@holdfast/gateway/callers/api-keys/issue-keys';
import { Callers } from '@holdfast/gateway/callers/callers';
import { openGateway } from '@holdfast/gateway/gateway';
import { Upstream } from '@holdfast/gateway/http/upstream';
import { RequestLog } from '@holdfast/gateway/log/request-log';
import { openaiChat } from '@holdfast/gateway/protocols/openai-chat';
import { countedQuota } from '@holdfast/gateway/quotas/declared-quota';
import { MemoryQuotas } from '@holdfast/gateway/quotas/memory-quotas';

const [port = '0', upstream = '0'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
const keys = join(folder, 'keys.json');
const { text } = await createKey(keys, { name: 'bench', scopes: ['model'] }, Date.now());
const log = new RequestLog({ folder, name: 'bench', ended: () => undefined });
await openGateway(
  {
    routes: [
      {
        ...{ place: 0, model: 'model', environment: 'production', prefix: '', mostBytes: 2 ** 23 },
        bodies: { elements: 1_000_000, depth: 16, count: 1024 },
        protocol: openaiChat({ served: 'model', mostTokens: 1000 }),
        upstream: new Upstream(`http://127.0.0.1:${upstream}`, { answer: 2 ** 26, timeMs: 10_000, concurrency: 1024 }),
      },
    ],
    authenticator: new Callers({ keys: await ApiKeys.open(keys, { unusable: () => undefined }) }),
    authorise: ({ scopes }, { model }) => scopes?.includes(model) ?? true,
    quotas: new MemoryQuotas([countedQuota({ per: 'caller', of: 'cost', rate: '10000000/s', burst: 10_000_000 })]),
    admission: () => ({
      ...{ isAdmitted: true, artifact: `sha256:${'a'.repeat(64)}`, facts: {} },
      guards: { inputs: [], outputs: [] },
    }),
    log: (entry, written) => {
      log.append(entry, written);
    },
    events: {
      answered: ({ code }) => {
        if (code !== undefined) console.error(code);
      },
      failed: (error) => {
        console.error(error);
      },
    },
  },
  { address: '127.0.0.1', port: Number(port), times: { head: 10_000, request: 30_000, idle: 600_000 } },
);
console.log(`listening ${text}`);
