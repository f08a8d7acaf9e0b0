import type { ProtocolName } from '../protocols/protocols.ts';

/** Where a model server says that it is ready, by its protocol. */
export function readyPath(protocol: ProtocolName, served: string): string {
  switch (protocol) {
    case 'open-inference':
      return `/v2/models/${served}/ready`;
    case 'tensorflow-serving':
      return `/v1/models/${served}`;
    case 'openai-chat':
      return '/v1/models';
    case 'mlflow':
    case 'torchserve':
    case 'sagemaker':
    case 'json':
      return '/ping';
  }
}
