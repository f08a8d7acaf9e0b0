import type { Format } from '../../format.ts';
import { kerasRules } from '../keras/rules.ts';
import { looksLikeGraphDef, looksLikeSavedModel } from './recognise-graph.ts';
import { savedModelRules } from './rules.ts';

const rules = [...Object.values(savedModelRules), ...Object.values(kerasRules)];

/** tensorflow/core/protobuf/saved_model.proto: a protobuf message without a signature, `saved_model.pb`. */
export const savedModel: Format = {
  name: 'tensorflow-savedmodel',
  title: 'TensorFlow SavedModel',
  extensions: [],
  carriesCode: true,
  rules,
  recognise: (source) => (looksLikeSavedModel(source) ? 'certain' : undefined),
  load: async () => (await import('./scan.ts')).scanSavedModel,
};

/** tensorflow/core/framework/graph.proto: a graph by itself, often called frozen. */
export const graphDef: Format = {
  name: 'tensorflow-graph',
  title: 'TensorFlow graph',
  extensions: [],
  carriesCode: true,
  rules,
  recognise: (source) => (looksLikeGraphDef(source) ? 'certain' : undefined),
  load: async () => (await import('./scan.ts')).scanGraphDef,
};
