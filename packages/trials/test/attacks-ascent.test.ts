import { expect, it } from 'vitest';
import { basicIterative, momentumIterative } from '../src/attacks/gradient-ascent.ts';
import { balls, digits, outcomeOf, peer, victimOf } from './attacks-scene.ts';

/** 10 steps of a quarter of the radius, from the sample: nothing is left to chance. */
it.each([
  ['art.bim', 'linf', basicIterative(10, 0.025)],
  ['art.mim', 'linf', momentumIterative(10, 0.025)],
  ['art.mim', 'l2', momentumIterative(10, 0.125)],
] as const)('%s in %s breaks as many rows as ART does', async (name, norm, attack) => {
  for (const [model, file] of [
    ['digits-cnn', 'digits-cnn.export-18.onnx'],
    ['digits-mlp', 'digits-mlp.trace-11.onnx'],
    ['digits-normalised', 'digits-normalised.export-18.onnx'],
    ['digits-gru', 'digits-gru.export-18.onnx'],
    ['digits-transformer', 'digits-transformer.export-18.onnx'],
  ] as const) {
    const { robust, rows } = peer(model, name, balls[norm]);
    const victim = await victimOf(file);
    const ours = await outcomeOf(victim, attack, digits(rows), balls[norm]);
    await victim.release();
    expect(Math.abs(ours.robust - robust), `${model}: ${ours.robust}, ART ${robust}`).toBeLessThanOrEqual(0.005);
  }
});
