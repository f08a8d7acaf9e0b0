import type { DatasetProfile } from '@holdfast/evidence';
import { GatewayError } from '@holdfast/gateway';
import type { FittedProtections } from '@holdfast/gateway/fitting/fitted-protections';
import type { Guards } from '@holdfast/gateway/protection/guards';
import { hardening } from '@holdfast/gateway/protection/hardening/hardening';
import type { Standings } from '@holdfast/gateway/protection/response/standings';
import { graphAt } from '@holdfast/gateway/protection/schema/onnx-file';
import { schemaOf } from '@holdfast/gateway/protection/schema/schema-of';
import { schemaProtection } from '@holdfast/gateway/protection/schema/schema-protection';
import { featureReferences } from '@holdfast/gateway/watch/feature-reference';
import type { Graph } from '@holdfast/onnx';
import type { DeclaredRoute } from './declared-gateway.ts';
import { fittedGuards } from './fitted-guards.ts';

/** What guards are made of. */
export interface GuardedModel {
  /** The model's digest, as admission has it. */
  readonly artifact: string;
  /** Of the model in the project, absolute. */
  readonly path: string;
  /** Of the data that it was trained on, signed. */
  readonly profile?: DatasetProfile;
  /** What was learnt for it; evidence says so. */
  readonly fitted?: FittedProtections;
  /** What becomes of callers, where that is declared. */
  readonly standings?: Standings;
}

/**
 * What looks at the requests to a model, made from its own signature, and from what was learnt for it.
 *
 * @throws GatewayError HF_GATEWAY_CONFIGURATION for what is asked for and cannot be made
 */
export async function guardsOf(route: DeclaredRoute, model: GuardedModel): Promise<Guards> {
  const { protections = {} } = route;
  const learnt = { ...fittedGuards(protections, model), ...(model.standings && { standings: model.standings }) };
  const mode = protections.schema ?? 'enforce';
  const { output } = protections;
  const isTerse = protections.response?.lessDetail !== undefined;
  if (mode === 'off' && output === undefined && !isTerse) return learnt;
  const graph = await graphAt(model.path);
  if (graph === undefined && (protections.schema !== undefined || model.profile !== undefined)) {
    throw new GatewayError(
      'HF_GATEWAY_CONFIGURATION',
      'the schema of a model is read from its ONNX file, and there is none',
    );
  }
  const looked = graph === undefined || mode === 'off' ? { inputs: [] } : schemaGuards(graph, route, model, mode);
  const harden = output === undefined ? {} : { harden: hardening(outputOptions(output, graph)) };
  const more = isTerse ? { hardenMore: hardening({ ...outputOptions(output ?? {}, graph), labelOnly: true }) } : {};
  return { ...learnt, ...looked, inputs: [...looked.inputs, ...learnt.inputs], ...harden, ...more };
}

/** The schema, and what features are like in the data that the model was trained on. */
function schemaGuards(
  graph: Graph,
  { protections, protocol }: DeclaredRoute,
  { profile }: GuardedModel,
  mode: 'observe' | 'enforce',
): Pick<Guards, 'inputs' | 'references'> {
  const schema = schemaOf(graph, {
    ...(profile === undefined ? {} : { profile }),
    ...(protections?.leave === undefined ? {} : { leave: protections.leave }),
  });
  const protection = schemaProtection(schema, { datatypes: protocol === 'open-inference' ? 'exact' : 'alike' });
  const references = profile === undefined ? {} : { references: featureReferences(schema, profile) };
  return { inputs: [{ protection, mode }], ...references };
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
