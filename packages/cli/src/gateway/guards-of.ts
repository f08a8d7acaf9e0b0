import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetProfile } from '@holdfast/evidence';
import { GatewayError } from '@holdfast/gateway';
import type { Guards, Placed } from '@holdfast/gateway/protection/guards';
import { hardening } from '@holdfast/gateway/protection/hardening/hardening';
import type { InputProtection } from '@holdfast/gateway/protection/protection';
import { schemaOf } from '@holdfast/gateway/protection/schema/schema-of';
import { schemaProtection } from '@holdfast/gateway/protection/schema/schema-protection';
import { featureReferences } from '@holdfast/gateway/watch/feature-reference';
import { type Graph, readModel } from '@holdfast/onnx';
import type { DeclaredRoute } from './declared-gateway.ts';

/** A model file that is larger is not read for its signature. */
const largestModel = 2 ** 31 - 1;

/**
 * What looks at the requests to a model, made from its own signature.
 *
 * @param path of the model in the project, absolute
 * @param profile of the data that it was trained on, signed
 * @throws GatewayError HF_GATEWAY_CONFIGURATION for what is asked for and cannot be made
 */
export async function guardsOf(
  { protections = {}, protocol }: DeclaredRoute,
  path: string,
  profile: DatasetProfile | undefined,
): Promise<Guards> {
  const isSaid = protections.schema !== undefined;
  const mode = protections.schema ?? 'enforce';
  const { output, leave } = protections;
  if (mode === 'off' && output === undefined) return { inputs: [], outputs: [] };
  const graph = await graphAt(path);
  if (graph === undefined && (isSaid || profile !== undefined)) {
    throw new GatewayError(
      'HF_GATEWAY_CONFIGURATION',
      'the schema of a model is read from its ONNX file, and there is none',
    );
  }
  const inputs: Placed<InputProtection>[] = [];
  let references = {};
  if (graph !== undefined && mode !== 'off') {
    const schema = schemaOf(graph, {
      ...(profile === undefined ? {} : { profile }),
      ...(leave === undefined ? {} : { leave }),
    });
    const datatypes = protocol === 'open-inference' ? 'exact' : 'alike';
    if (profile !== undefined) references = { references: featureReferences(schema, profile) };
    inputs.push({ protection: schemaProtection(schema, { datatypes }), mode });
  }
  const harden = output === undefined ? {} : { harden: hardening(outputOptions(output, graph)) };
  return { inputs, outputs: [], ...references, ...harden };
}

type Output = NonNullable<NonNullable<DeclaredRoute['protections']>['output']>;

function outputOptions(output: Output, graph: Graph | undefined) {
  const { name = onlyOutput(graph), holds = 'probabilities', top, digits, clip, labelOnly } = output;
  return {
    ...{ output: name, holds },
    ...(top === undefined ? {} : { topK: top }),
    ...(digits === undefined ? {} : { decimals: digits }),
    ...(clip === undefined ? {} : { mostConfidence: clip }),
    ...(labelOnly === undefined ? {} : { labelOnly }),
  };
}

function onlyOutput(graph: Graph | undefined): string {
  const [only, ...more] = graph?.outputs ?? [];
  if (only !== undefined && more.length === 0) return only.name;
  throw new GatewayError('HF_GATEWAY_CONFIGURATION', 'say which output holds the scores: `protections.output.name`');
}

/**
 * The graph of a model that is an ONNX file, or a folder with one; undefined for a model of another kind.
 * @throws GatewayError HF_GATEWAY_CONFIGURATION where it is not certain which file is the model, or it is too large to be read
 */
async function graphAt(path: string): Promise<Graph | undefined> {
  const isFolder = (await stat(path)).isDirectory();
  const files = (isFolder ? (await readdir(path)).map((name) => join(path, name)) : [path]).filter(isOnnx);
  const [file, ...more] = files;
  if (file === undefined) return undefined;
  if (more.length > 0) throw unread('the model has several ONNX files');
  if ((await stat(file)).size > largestModel) throw unread('the ONNX file of the model is too large to be read');
  return readModel(await readFile(file)).graph;
}

const isOnnx = (name: string): boolean => name.toLowerCase().endsWith('.onnx');

const unread = (why: string): GatewayError =>
  new GatewayError('HF_GATEWAY_CONFIGURATION', `${why}: \`protections: { schema: off }\` serves it without its schema`);
