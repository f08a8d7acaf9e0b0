import { existsSync, readFileSync } from 'node:fs';

/**
 * Bits of a weight whose products with eight-bit activations this processor adds exactly. x86 without VNNI adds two of them in 16 bits, which
 * saturate, and ONNX Runtime asks for seven there ("When to use reduce-range", onnxruntime.ai/docs, quantization).
 */
export const exactBits: 7 | 8 = isExact() ? 8 : 7;

function isExact(): boolean {
  if (process.arch !== 'x64' || !existsSync('/proc/cpuinfo')) return true;
  return /\b(?:avx512_vnni|avx_vnni)\b/.test(readFileSync('/proc/cpuinfo', 'utf8'));
}
