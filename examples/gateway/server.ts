// A small model server: ONNX Runtime behind the Open Inference Protocol v2, as one of the well-known ones would be. It knows nothing of
// Holdfast, asks nobody who they are, and answers everything.
//
//   node --conditions=source server.ts MODEL.onnx NAME [PORT]
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { openSession, type TensorData } from '@holdfast/inference';

const [path = '', name = 'model', port = '9000'] = process.argv.slice(2);
const session = await openSession(path, { threads: 1 });

interface Tensor {
  readonly name: string;
  readonly shape: number[];
  readonly datatype: string;
  readonly data: number[];
}

const toServer: Record<string, { type: 'FLOAT' | 'DOUBLE' | 'INT64'; of(data: number[]): TensorData['data'] }> = {
  FP32: { type: 'FLOAT', of: (data) => Float32Array.from(data) },
  FP64: { type: 'DOUBLE', of: (data) => Float64Array.from(data) },
  INT64: { type: 'INT64', of: (data) => BigInt64Array.from(data, BigInt) },
};
const fromServer: Record<string, string> = { FLOAT: 'FP32', DOUBLE: 'FP64', INT64: 'INT64' };

async function infer(body: string): Promise<unknown> {
  const { id, inputs } = JSON.parse(body) as { id?: string; inputs: Tensor[] };
  const feeds = inputs.map(({ name: input, shape, datatype, data }): [string, TensorData] => {
    const kind = toServer[datatype];
    if (kind === undefined) throw new Error(`no datatype ${datatype} here`);
    return [
      input,
      { type: kind.type, dims: shape, data: kind.of(data.flat<number[], number>(Number.POSITIVE_INFINITY)) },
    ];
  });
  const answers = await session.run(Object.fromEntries<TensorData>(feeds));
  const outputs = Object.entries(answers).map(([output, { type, dims, data }]) => {
    return {
      name: output,
      datatype: fromServer[type] ?? type,
      shape: dims,
      data: Array.from(data as Float32Array, Number),
    };
  });
  return { model_name: name, ...(id === undefined ? {} : { id }), outputs };
}

async function answer(message: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = [];
  for await (const piece of message) pieces.push(piece as Buffer);
  if (message.url === `/v2/models/${name}/infer`) return infer(Buffer.concat(pieces).toString());
  if (message.url === `/v2/models/${name}/ready`) return { ready: true };
  if (message.url === `/v2/models/${name}`) return { name, platform: 'onnxruntime', inputs: session.inputs };
  throw new Error('no such path');
}

createServer((message: IncomingMessage, response: ServerResponse) => {
  answer(message)
    .then((value) => ({ status: 200, value }))
    .catch((error: unknown) => ({ status: 400, value: { error: String(error) } }))
    .then(({ status, value }) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(value));
    })
    .catch(() => response.destroy());
}).listen(Number(port), '127.0.0.1', function (this: { address(): unknown }) {
  console.log(`model server on ${(this.address() as { port: number }).port}`);
});
