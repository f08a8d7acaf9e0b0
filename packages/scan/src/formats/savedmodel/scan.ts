import { NotUnderstood } from '../../bytes/source.ts';
import { shown } from '../../finding.ts';
import type { Inspection } from '../../inspection.ts';
import { judgeConfigText } from '../keras/judge-config.ts';
import { fieldsOf, textOf } from '../protobuf/fields.ts';
import { checkCaptures } from './captures.ts';
import { type Body, functionBody, graphBody, noteNode } from './graph-index.ts';
import { isOperation, judgeNode } from './judge-node.ts';
import { mostNameBytes } from './node.ts';
import { variableName } from './path-origins.ts';
import { Paths } from './paths.ts';
import { savedModelRules } from './rules.ts';
import { fieldIn, type Handler, type Range, walkMessage } from './walk.ts';

/** What is collected of one graph with its functions. */
interface Collected {
  readonly bodies: Map<string, Body>;
  /** Nodes that the loader feeds with paths. */
  readonly fed: Set<string>;
  /** Nodes that whoever uses the model feeds. */
  readonly inputs: Set<string>;
  /** How many nodes stand for a variable of a name. */
  readonly variables: Map<string, number>;
  objects: Range | undefined;
}

/** SavedModel (tensorflow/core/protobuf/saved_model.proto): every graph in it, with all functions. */
export function scanSavedModel(part: Inspection): void {
  let nodes = 0;
  const whole = { start: 0, end: part.source.size };
  walkMessage(part, 'tensorflow.SavedModel', whole, {
    'tensorflow.MetaGraphDef': (range) => {
      nodes += scanGraph(part, 'tensorflow.MetaGraphDef', range);
    },
  });
  part.summary = `${nodes} operations`;
  part.scan.progress(part.source.size);
}

/** A graph by itself, as TensorFlow 1 freezes it. */
export function scanGraphDef(part: Inspection): void {
  const nodes = scanGraph(part, 'tensorflow.GraphDef', { start: 0, end: part.source.size });
  part.summary = `${nodes} operations`;
  part.scan.progress(part.source.size);
}

/** Reads once to know the functions, and once more to judge what calls them. */
function scanGraph(part: Inspection, kind: string, range: Range): number {
  const collected: Collected = {
    ...{ bodies: new Map<string, Body>(), fed: new Set<string>(), inputs: new Set<string>() },
    ...{ variables: new Map<string, number>(), objects: undefined },
  };
  const names = functionNames(part, kind, range);
  if (kind === 'tensorflow.GraphDef') collected.bodies.set('', graphBody(range));
  walkMessage(part, kind, range, handlersFor(part, collected, names));
  for (const name of collected.fed) {
    if (!collected.inputs.has(name)) continue;
    const message = `the input ${shown(name)} of the model is the path of a checkpoint or an asset`;
    part.report(savedModelRules.path, { message, within: name, when: 'when the model runs' });
  }
  const paths = new Paths(part, collected.bodies, collected);
  for (const name of collected.bodies.keys()) paths.parametersOf(name);
  if (collected.objects !== undefined) checkCaptures(part, collected.objects, collected.bodies, paths);
  return [...collected.bodies.values()].reduce((sum, body) => sum + body.nodes, 0);
}

/** MetaGraphDef 2 is the graph, GraphDef 2 its library, FunctionDefLibrary 1 a function, whose signature names it. */
function functionNames(part: Inspection, kind: string, range: Range): Set<string> {
  const graph = kind === 'tensorflow.GraphDef' ? range : fieldIn(part.source, range, 2);
  const library = graph && fieldIn(part.source, graph, 2);
  const names = new Set<string>();
  if (library === undefined) return names;
  for (const field of fieldsOf(part.source, library.start, library.end)) {
    if (field.number !== 1) continue;
    const { name } = functionBody(part, field);
    names.add(name);
    if (isOperation(name)) part.leave(`the function ${shown(name)} has the name of an operation: either may be called`);
  }
  return names;
}

type Handlers = Readonly<Record<string, Handler>>;

function handlersFor(part: Inspection, collected: Collected, names: ReadonlySet<string>): Handlers {
  return {
    ...nodeHandlers(part, collected, names),
    ...loaderHandlers(part, collected),
    'tensorflow.SavedObjectGraph': (range, enter) => {
      collected.objects = range;
      enter();
    },
    'tensorflow.SavedUserObject': (range, enter) => {
      judgeUserObject(part, range);
      enter();
    },
  };
}

/** The graph, its functions, and the nodes of whichever of them the walk is in. */
function nodeHandlers(part: Inspection, { bodies, ...collected }: Collected, names: ReadonlySet<string>): Handlers {
  let current: Body | undefined = bodies.get('');
  const inBody = (body: Body, enter: () => void): void => {
    const { name, range } = body;
    if (bodies.has(name)) throw new NotUnderstood(`the function ${shown(name)} is given twice`, range.start);
    bodies.set(name, body);
    const outer = current;
    current = body;
    enter();
    current = outer;
  };
  return {
    'tensorflow.GraphDef': (range, enter) => {
      inBody(graphBody(range), enter);
    },
    'tensorflow.FunctionDef': (range, enter) => {
      inBody(functionBody(part, range), enter);
    },
    'tensorflow.NodeDef': (range, enter) => {
      if (current === undefined) throw new NotUnderstood('a node outside of a graph', range.start);
      const node = noteNode(part, current, range);
      current.nodes += 1;
      judgeNode(part, node, names, current.name);
      if (node.operation === 'VarHandleOp') noteVariable(collected.variables, variableName(part, node));
      enter();
    },
  };
}

function noteVariable(variables: Map<string, number>, name: string): void {
  variables.set(name, (variables.get(name) ?? 0) + 1);
}

/** What the loader feeds, and what whoever uses the model does. */
function loaderHandlers(part: Inspection, { fed, inputs }: Collected): Handlers {
  return {
    'tensorflow.SaverDef': (range, enter) => {
      fed.add(tensorNode(part, range, 1));
      enter();
    },
    'tensorflow.AssetFileDef': (range, enter) => {
      noteAsset(part, range, fed);
      enter();
    },
    // In collections of TensorFlow 1.
    'google.protobuf.Any': (range, enter) => {
      const [url, value] = [fieldIn(part.source, range, 1), fieldIn(part.source, range, 2)];
      const kind = url === undefined ? '' : textOf(part.source, url, mostNameBytes);
      if (value !== undefined && kind.endsWith('.AssetFileDef')) noteAsset(part, value, fed);
      enter();
    },
    'tensorflow.SignatureDef': (range, enter) => {
      for (const name of inputsOf(part, range)) inputs.add(name);
      enter();
    },
  };
}

/** The node of a tensor that a text field names: `saver_filename:0`. */
function tensorNode({ source }: Inspection, range: Range, number: number): string {
  const field = fieldIn(source, range, number);
  return field === undefined ? '' : textOf(source, field, mostNameBytes).replace(/:\d+$/, '');
}

/** SignatureDef: 1 a map of inputs, each with a tensor (TensorInfo). */
function inputsOf(part: Inspection, range: Range): string[] {
  return [...fieldsOf(part.source, range.start, range.end)]
    .filter(({ number }) => number === 1)
    .map((entry) => fieldIn(part.source, entry, 2))
    .map((info) => (info === undefined ? '' : tensorNode(part, info, 1)));
}

/** AssetFileDef: 1 the tensor (TensorInfo, 1 its name) that gets the path of a file in the folder `assets`, 2 its name. */
function noteAsset(part: Inspection, range: Range, fed: Set<string>): void {
  const info = fieldIn(part.source, range, 1);
  if (info !== undefined) fed.add(tensorNode(part, info, 1));
  const name = tensorNode(part, range, 2);
  if (name !== '' && !/^[/\\~]|^[a-z]:|(^|[/\\])\.\.([/\\]|$)|:\/\//i.test(name)) return;
  part.report(savedModelRules.path, { message: `an asset lies in ${shown(name)}`, when: 'when the model is loaded' });
}

/** SavedUserObject: 3 metadata, where Keras 2 kept the configuration of each layer. */
function judgeUserObject(part: Inspection, range: Range): void {
  const metadata = fieldIn(part.source, range, 3);
  if (metadata === undefined || metadata.start === metadata.end) return;
  judgeConfigText(part, textOf(part.source, metadata, part.limits.textBytes), 'object metadata');
}
