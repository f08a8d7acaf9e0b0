import type { Format } from '../format.ts';
import { gguf } from './gguf/format.ts';
import { jinja } from './jinja/format.ts';
import { onnx } from './onnx/format.ts';
import { safetensors } from './safetensors/format.ts';

/** Every format that can be told from its bytes. Order matters among those that are only possible. */
export const formats: readonly Format[] = [safetensors, gguf, onnx, jinja];
