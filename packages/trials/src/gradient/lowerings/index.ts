import { type Graph, type Model, node } from '@holdfast/onnx';
import type { Facts } from '../facts.ts';
import { GraphWriter } from '../graph-writer.ts';
import { knownValues } from '../known-values.ts';
import { Operation } from '../operation.ts';
import { attentionLowerings } from './attention.ts';
import { gridSampleLowerings } from './grid-sample.ts';
import type { Lowering } from './lowering.ts';
import { recurrentLowerings } from './recurrent.ts';
import { roiAlignLowerings } from './roi-align.ts';
import { traditionalLowerings } from './traditional.ts';

const lowerings: ReadonlyMap<string, Lowering> = new Map(
  Object.entries({
    ...attentionLowerings,
    ...gridSampleLowerings,
    ...recurrentLowerings,
    ...roiAlignLowerings,
    ...traditionalLowerings,
  }),
);

/** Standard operators that are written with others. */
export const loweredOperators: readonly string[] = [...lowerings.keys()].sort();

/** Whether anything in a model has to be written with other operators. */
export function needsLowering({ graph }: Model): boolean {
  return graph.nodes.some((each) => loweringOf(each) !== undefined);
}

/**
 * The model with composite operators written with plain ones. Facts have to be probed again behind it.
 * @param model in opset 18 or newer
 * @throws TrialsError HF_TRIALS_OPERATOR at a form that is not covered
 */
export function lowered(model: Model, facts: Facts): Model {
  const { graph } = model;
  const writer = new GraphWriter({ facts, taken: namesOf(graph), known: knownValues(graph) });
  for (const each of graph.nodes) {
    const lowering = loweringOf(each);
    if (lowering === undefined) {
      writer.nodes.push(each);
      continue;
    }
    const values = lowering(new Operation(each), writer);
    each.outputs.forEach((name, index) => {
      const value = values[index] ?? '';
      if (name !== '' && value !== '') writer.nodes.push(node('Identity', [value], [name]));
    });
  }
  const initializers = new Map([...graph.initializers, ...writer.initializers]);
  return { ...model, graph: { ...graph, nodes: writer.nodes, initializers } };
}

function loweringOf({ domain, opType }: Graph['nodes'][number]): Lowering | undefined {
  if (domain === '' || domain === 'ai.onnx') return lowerings.get(opType);
  return domain === 'ai.onnx.ml' ? lowerings.get(`ai.onnx.ml.${opType}`) : undefined;
}

function* namesOf(graph: Graph): Generator<string> {
  for (const { name } of graph.inputs) yield name;
  yield* graph.initializers.keys();
  for (const each of graph.nodes) yield* each.outputs;
}
