import { ByteReader } from '../../bytes/byte-reader.ts';
import { MemorySource, NotUnderstood } from '../../bytes/source.ts';
import { shown } from '../../finding.ts';
import type { Inspection } from '../../inspection.ts';
import { scanTemplate } from '../jinja/scan.ts';
import { GgufReader, TooLong, valueType } from './gguf-reader.ts';
import { ggufRules } from './rules.ts';
import { readTensors, reportLayout } from './tensors.ts';

/** The texts of a file that programs do more with than showing them. */
interface Metadata {
  readonly alignment: number;
  readonly templates: ReadonlyMap<string, string>;
  readonly tokenizers: ReadonlyMap<string, string>;
}

/** Reads keys, values and the places of tensors; of the tensors' bytes nothing but the padding between them. */
export async function scanGguf(part: Inspection): Promise<void> {
  try {
    await scan(part);
  } catch (error) {
    if (!(error instanceof TooLong)) throw error;
    part.report(ggufRules.length, { message: error.message, ...(error.at === undefined ? {} : { at: error.at }) });
  }
}

async function scan(part: Inspection): Promise<void> {
  const reader = openReader(part);
  const tensorCount = reader.count('tensors', 24);
  const keyCount = reader.count('keys', 13);
  const metadata = readMetadata(part, reader, keyCount);
  const tensors = readTensors(part, reader, tensorCount);
  reportLayout(part, tensors, reader.at, metadata.alignment);
  const encode = new TextEncoder();
  for (const [key, text] of metadata.templates) {
    await part.within(key, new MemorySource(encode.encode(text)), scanTemplate);
  }
  for (const [key, text] of metadata.tokenizers) await part.enter(key, new MemorySource(encode.encode(text)));
  const templates = metadata.templates.size > 0 ? ', chat template' : '';
  part.summary = `${tensors.length} ${tensors.length === 1 ? 'tensor' : 'tensors'}${templates}`;
  part.scan.progress(part.source.size);
}

/** The version's number says which end its bytes start at. */
function openReader(part: Inspection): GgufReader {
  const { source } = part;
  const little = new ByteReader(source, 4).u32();
  const big = new ByteReader(source, 4, 'big').u32();
  if (little !== 2 && little !== 3 && big !== 3) {
    throw new NotUnderstood(`GGUF of version ${Math.min(little, big)}: 2 and 3 are understood`, 4);
  }
  const order = big === 3 ? 'big' : 'little';
  const reader = new GgufReader(source, order, part.limits.textBytes, () => {
    part.requireTime();
  });
  reader.skip(8);
  return reader;
}

function readMetadata(part: Inspection, reader: GgufReader, count: number): Metadata {
  const keys = new Set<string>();
  const templates = new Map<string, string>();
  const tokenizers = new Map<string, string>();
  let alignment = 32;
  for (let index = 0; index < count; index += 1) {
    if (index % 1024 === 0) part.requireTime();
    const { at } = reader;
    const key = reader.key();
    const type = reader.u32();
    if (keys.has(key)) part.report(ggufRules.duplicate, { message: `the key ${shown(key)} is there twice`, at });
    keys.add(key);
    if (key === 'general.alignment') alignment = alignmentOf(reader, type);
    else if (/(?:^|\.)chat_template(?:\.|$)/.test(key)) templates.set(named(templates, key), textOf(reader, key, type));
    else if (key === 'tokenizer.huggingface.json') tokenizers.set(key, textOf(reader, key, type));
    else reader.pass(type, key);
  }
  return { alignment, templates, tokenizers };
}

/** The second of two equal keys is looked at, too: it may be the one that counts. */
function named(seen: ReadonlyMap<string, string>, key: string): string {
  return seen.has(key) ? `${key} (${seen.size})` : key;
}

function textOf(reader: GgufReader, key: string, type: number): string {
  if (type !== valueType.text) throw new NotUnderstood(`${shown(key)} is not a text`, reader.at);
  return reader.text();
}

function alignmentOf(reader: GgufReader, type: number): number {
  const { at } = reader;
  const alignment = type === valueType.u32 ? reader.u32() : 0;
  if (alignment > 0 && alignment <= 65_536 && (alignment & (alignment - 1)) === 0) return alignment;
  throw new NotUnderstood('`general.alignment` is not a power of two up to 65536', at);
}
