import type { Format } from '../format.ts';
import { gguf } from './gguf/format.ts';
import { jinja } from './jinja/format.ts';
import { json } from './json/format.ts';
import { knownFormats } from './known/format.ts';
import { safetensors } from './safetensors/format.ts';
import { sentencepiece } from './sentencepiece/format.ts';
import { text } from './text/format.ts';
import { ubjson } from './ubjson/format.ts';

/** Every format that can be told from its bytes. Order matters among those that are only possible: text comes last. */
export const formats: readonly Format[] = [
  safetensors,
  gguf,
  sentencepiece,
  ubjson,
  ...knownFormats,
  jinja,
  json,
  text,
];
