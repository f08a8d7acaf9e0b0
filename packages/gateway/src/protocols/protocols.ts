import { GatewayError } from '../errors.ts';
import type { Protocol } from './inference.ts';
import { type JsonPointersOptions, jsonPointers } from './json-pointers.ts';
import { mlflow } from './mlflow.ts';
import { openInference } from './open-inference/open-inference.ts';
import { openaiChat } from './openai-chat.ts';
import { sagemaker } from './sagemaker.ts';
import { tensorflowServing } from './tensorflow-serving.ts';
import { torchserve } from './torchserve.ts';

/** What a protocol has to know of the model that a route serves. */
export interface ServedModel {
  /** What the model server calls it. */
  readonly served: string;
  /** The version that was admitted, where its path may have one. */
  readonly version?: string;
  /** The signature of a TensorFlow model. */
  readonly signature?: string;
  /** What its only input and its only output are called, where the protocol does not say it. */
  readonly input?: string;
  readonly output?: string;
  /** Tokens that the answers to one chat request may have. */
  readonly mostTokens?: number;
  /** Where tensors stand in plain JSON. */
  readonly json?: JsonPointersOptions;
}

/** Protocols by the names that holdfast.yaml has for them. */
const protocols = {
  'open-inference': openInference,
  'tensorflow-serving': tensorflowServing,
  torchserve,
  mlflow,
  sagemaker,
  'openai-chat': openaiChat,
  json: ({ json }: ServedModel): Protocol => {
    if (json !== undefined) return jsonPointers(json);
    throw new GatewayError('HF_GATEWAY_CONFIGURATION', 'a protocol of plain JSON declares its tensors', {
      where: 'json',
    });
  },
} as const satisfies Record<string, (model: ServedModel) => Protocol>;

export type ProtocolName = keyof typeof protocols;

/** @throws GatewayError HF_GATEWAY_CONFIGURATION for plain JSON without declared places */
export const protocolOf = (name: ProtocolName, model: ServedModel): Protocol => protocols[name](model);
