import { shown } from '../../finding.ts';
import type { Inspection } from '../../inspection.ts';
import type { JsonEvents, JsonScalar } from '../../json/json-reader.ts';
import { reportNamedCode, reportTarget } from './named-code.ts';
import { isElsewhere, isPlainName } from './paths.ts';
import { huggingFaceRules, jsonRules } from './rules.ts';

/** Keys whose values, at any depth below, mean something to a loader. */
const zones: ReadonlySet<string> = new Set([
  'auto_map',
  'custom_pipelines',
  'chat_template',
  'weight_map',
  'auto_mapping',
  'types',
]);

/** Keys of the outermost object that tell what a file is. */
const telling = new Set(['cells', 'worksheets', 'nbformat', 'weight_map', 'learner', 'version']);

/** Keys whose text sentence-transformers imports and calls, where it has a dot. */
const activation = /(?:^|_)activation_(?:function|fn)$/;
const dotted = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$/;
const layer = /^torch\.nn\.(?:modules\.(?:activation|linear)\.)?[A-Z]\w*$/;

/** A class of sentence-transformers: its modules hold other modules, `torch` among them, which can `load`, too. */
const sentenceModule = /^sentence_transformers(?:\.[A-Za-z_]\w*)*\.[A-Z]\w*$/;

/** Keys whose text names a file that a loader opens. */
const pathKey = /(?:^|_)(?:file|filename|path|url|uri)$/;

interface Level {
  readonly kind: 'object' | 'array';
  readonly zone: string | undefined;
  /** The key whose value comes next, or is being read. */
  key: string;
  /** Of an array: how many values have been read. */
  index: number;
  first: JsonScalar;
  /** Of an object: which of `class_name` and `config` it has. */
  readonly keras: Set<string>;
}

/** What a JSON file says to loaders: Hugging Face's configurations and indexes, Hydra's and jsonpickle's. */
export class Configuration implements JsonEvents {
  readonly topLevel = new Set<string>();
  /** Where an object has a class and its configuration, as Keras writes them, at any depth. */
  kerasAt: number | undefined;
  readonly templates: { readonly name: string; readonly text: string }[] = [];
  readonly weights = new Set<string>();
  readonly #part: Inspection;
  readonly #levels: Level[] = [];
  readonly #file: string;
  #values = 0;

  constructor(part: Inspection) {
    this.#part = part;
    this.#file = part.name.split('/').at(-1) ?? '';
  }

  open(kind: Level['kind']): void {
    const zone = this.#zone();
    // The index of an array goes on when an object or array stands in it.
    this.#step();
    this.#levels.push({ kind, zone, key: '', index: 0, first: null, keras: new Set() });
  }

  close(): void {
    this.#levels.pop();
  }

  key(text: string, at: number): void {
    const level = this.#levels.at(-1);
    if (level !== undefined) level.key = text;
    if (this.#levels.length === 1 && telling.has(text)) this.topLevel.add(text);
    if (text === 'class_name' || text === 'config') level?.keras.add(text);
    if (level?.keras.size === 2) this.kerasAt ??= at;
    if (text.startsWith('py/') || text === '__lambda__') {
      this.#part.report(jsonRules.objects, { message: `the key ${shown(text)} makes its reader build objects`, at });
    }
  }

  duplicate(key: string, at: number): void {
    const message = `the key ${shown(key)} is there twice: readers disagree about which one counts`;
    this.#part.report(jsonRules.duplicate, { message, at });
  }

  notFinite(at: number): void {
    this.#part.report(jsonRules.number, { message: 'a number that is not finite', at });
  }

  value(value: JsonScalar, at: number): void {
    if (this.#values % 4096 === 0) this.#part.requireTime();
    this.#step();
    const key = this.#key();
    if (key === 'trust_remote_code' && value === true) {
      this.#part.report(huggingFaceRules.trust, { message: 'it sets `trust_remote_code` itself', at, within: key });
    }
    if (typeof value === 'string' && value !== '') this.#text(key, value, at);
  }

  #text(key: string, text: string, at: number): void {
    const zone = this.#zone();
    if (zone === 'chat_template') this.#template(key, text);
    else if (zone === 'weight_map') this.#weight(text, at);
    else if (zone === 'auto_map') reportNamedCode(this.#part, text, { at, by: 'auto_map', key });
    else if (zone === 'custom_pipelines' && key === 'impl') {
      reportNamedCode(this.#part, text, { at, by: 'custom_pipelines', key });
    } else if (zone === 'auto_mapping' && key === 'parent_library') {
      reportTarget(this.#part, text, { at, key, known: /^(?:transformers|diffusers|timm)(?:\.|$)/ });
    } else if (key === '_target_' || key === 'class_path') reportTarget(this.#part, text, { at, key });
    else if (activation.test(key) && dotted.test(text)) reportTarget(this.#part, text, { at, key, known: layer });
    else if (/^_?attn_implementation/.test(key) && text.includes('/')) reportTarget(this.#part, text, { at, key });
    else this.#ofFile(key, text, at);
  }

  /** Keys that mean something in files of a certain name only. */
  #ofFile(key: string, text: string, at: number): void {
    const level = this.#levels.at(-1);
    if (this.#file === 'modules.json' && key === 'type') {
      reportTarget(this.#part, text, { at, key, known: sentenceModule });
    } else if (this.#zone() === 'types' && /^(?:router_)?config\.json$/.test(this.#file) && dotted.test(text)) {
      reportTarget(this.#part, text, { at, key, known: sentenceModule });
    } else if (this.#file === 'model_index.json' && level?.kind === 'array' && this.#levels.length === 2) {
      if (level.index === 1) level.first = text;
      else if (level.index === 2 && typeof level.first === 'string') this.#component(key, level.first, text, at);
    } else if (pathKey.test(key) && isElsewhere(text)) {
      this.#part.report(jsonRules.path, { message: `${shown(key)} names ${shown(text)}`, at, within: key });
    }
  }

  /** `"unet": ["diffusers", "UNet2DConditionModel"]`: the first is imported, or is a module beside it. */
  #component(key: string, library: string, name: string, at: number): void {
    if (/^(?:diffusers|transformers|optimum|stable_diffusion|stable_diffusion_safe|deepfloyd_if)$/.test(library))
      return;
    reportNamedCode(this.#part, `${library}.${name}`, { at, by: 'model_index.json', key });
  }

  #template(key: string, text: string): void {
    // The list form has objects of a name and a template.
    if (key === 'name' && !/[{}]/.test(text)) return;
    this.templates.push({
      name: `chat_template${this.templates.length > 0 ? ` ${this.templates.length + 1}` : ''}`,
      text,
    });
  }

  #weight(text: string, at: number): void {
    if (this.weights.has(text)) return;
    this.weights.add(text);
    if (isPlainName(text)) this.#part.beside.push({ path: text, as: 'weights', by: 'weight_map' });
    else {
      const message = `the index names ${shown(text)}, which is no file beside it`;
      this.#part.report(huggingFaceRules.weights, { message, at, within: 'weight_map' });
    }
  }

  #step(): void {
    this.#values += 1;
    const level = this.#levels.at(-1);
    if (level?.kind === 'array') level.index += 1;
  }

  /** The nearest key. */
  #key(): string {
    for (let index = this.#levels.length - 1; index >= 0; index -= 1) {
      const level = this.#levels[index];
      if (level?.kind === 'object') return level.key;
    }
    return '';
  }

  #zone(): string | undefined {
    const level = this.#levels.at(-1);
    if (level === undefined) return undefined;
    return level.zone ?? (level.kind === 'object' && zones.has(level.key) ? level.key : undefined);
  }
}
