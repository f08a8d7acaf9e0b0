import { readFile } from 'node:fs/promises';
import { digestArtifact } from '@holdfast/evidence/digest/artifact';
import type { TensorData } from '@holdfast/inference';
import { readModel } from '@holdfast/onnx';
import type { ModelBytes } from '../admission/admission.ts';
import { GatewayError } from '../errors.ts';
import type { ModelServer } from '../http/model-server.ts';
import { schemaOf } from '../protection/schema/schema-of.ts';
import type { BodyLimits, NamedTensor, Protocol } from '../protocols/inference.ts';
import type { ProtocolName } from '../protocols/protocols.ts';
import { challengeRequest } from './challenge-request.ts';
import { type ChallengeData, challengeRows } from './challenge-rows.ts';
import { agrees } from './compare-answers.ts';
import { onnxFile } from './onnx-file.ts';
import { ownAnswers } from './own-answers.ts';

export interface ChallengeOrder {
  readonly server: ModelServer;
  readonly protocol: Protocol;
  readonly protocolName: ProtocolName;
  /** What the model server calls the model. */
  readonly served: string;
  readonly bodies: BodyLimits;
  readonly data: ChallengeData;
  readonly rows: number;
  readonly tolerance: number;
}

/** How many of the rows were answered otherwise than by our own run. */
export interface ChallengeOutcome {
  readonly rows: number;
  readonly differ: number;
}

/**
 * Asks a model server about fresh rows, and runs the very file on the same.
 *
 * @throws GatewayError HF_GATEWAY_UPSTREAM, HF_GATEWAY_UPSTREAM_TIME where it does not answer; HF_GATEWAY_CONFIGURATION where nothing can
 * be compared; HF_GATEWAY_NOT_ADMITTED where the file is not what was admitted
 */
export async function challenge(order: ChallengeOrder, bytes: ModelBytes): Promise<ChallengeOutcome> {
  const file = await onnxFile(bytes.path);
  const { inputs } = schemaOf(readModel(await readFile(file)).graph);
  const made = challengeRows(inputs, order.data);
  const rows = Array.from({ length: order.rows }, () => made.next());
  const expected = await ownAnswers({ file, feeds: rows.map(feedsOf) });
  await requireSame(bytes);
  const how = { tolerance: order.tolerance, isNamed: order.protocolName === 'open-inference' };
  let differ = 0;
  for (const [at, row] of rows.entries()) {
    const request = challengeRequest(order.protocolName, order.served, row);
    const answer = await order.server.exchange(request);
    if (answer.status >= 500) {
      throw new GatewayError('HF_GATEWAY_UPSTREAM', `the model server answers with ${answer.status}`);
    }
    const isAnswer = answer.status >= 200 && answer.status < 300;
    const said = isAnswer ? order.protocol.readResponse(answer, order.bodies) : { outputs: [] };
    if (!agrees(said, expected[at] ?? {}, how)) differ += 1;
  }
  return { rows: rows.length, differ };
}

/** What was run is what was admitted only if it is so still. */
async function requireSame({ path, digests }: ModelBytes): Promise<void> {
  const { digests: now } = await digestArtifact(path, { force: true });
  const isSame = now.sha256 === digests.sha256 && ('dirHash' in now ? now.dirHash : undefined) === digests.dirHash;
  if (!isSame) throw new GatewayError('HF_GATEWAY_NOT_ADMITTED', 'the model changed while it was run');
}

const feedsOf = (row: readonly NamedTensor[]): Record<string, TensorData> =>
  Object.fromEntries(row.map((tensor) => [tensor.name, fed(tensor)]));

/** As the runtime takes it: small integers in arrays of their own width. */
function fed({ datatype, shape: dims, data }: NamedTensor): TensorData {
  const numbers = data as Int32Array;
  switch (datatype) {
    case 'FP32':
      return { type: 'FLOAT', dims, data: data };
    case 'FP64':
      return { type: 'DOUBLE', dims, data: data };
    case 'INT8':
      return { type: 'INT8', dims, data: Int8Array.from(numbers) };
    case 'INT16':
      return { type: 'INT16', dims, data: Int16Array.from(numbers) };
    case 'UINT16':
      return { type: 'UINT16', dims, data: Uint16Array.from(numbers) };
    case 'UINT32':
      return { type: 'UINT32', dims, data: Uint32Array.from(numbers) };
    case 'BYTES':
      return { type: 'STRING', dims, data: data };
    case 'BOOL':
    case 'UINT8':
    case 'INT32':
    case 'INT64':
    case 'UINT64':
      return { type: datatype, dims, data };
    case 'FP16':
      throw new GatewayError('HF_GATEWAY_CONFIGURATION', 'no challenge can be made of FP16');
  }
}
