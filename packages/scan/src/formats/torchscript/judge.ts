import type { Judge, Judgement, Reference, Shape } from '../../callables/judge.ts';

/** Functions that only PyTorch's own unpickler knows: lists of one type, and marks of types. */
const typed = new Set([
  ...['build_intlist', 'build_tensorlist', 'build_doublelist', 'build_boollist'],
  ...['build_tensor_from_id', 'restore_type_tag'],
]);

/**
 * Judges pickles of TorchScript: PyTorch reads them in C++ (`torch/csrc/jit/serialization/unpickler.cpp`), where a class of
 * `__torch__` is one of the code in the archive, and nothing of Python is imported. For everything else the usual judge
 * decides, since a program that is not PyTorch may read them, too.
 */
export function torchscriptJudge(usual: Judge): Judge {
  return {
    digest: usual.digest,
    reference: (reference) =>
      isOwn(reference) ? { verdict: 'pass', returns: { kind: 'reference', reference } } : usual.reference(reference),
    call: (callee, kind, positional, named) => {
      const own = ownCall(callee);
      return own ?? usual.call(callee, kind, positional, named);
    },
  };
}

function isOwn({ module, name }: Reference): boolean {
  if (module === 'torch.jit._pickle') return typed.has(name);
  // PyTorch puts the two together: where one ends and the other starts is nothing to it.
  const full = `${module}.${name}.`;
  return full.startsWith('__torch__.') && !full.startsWith('__torch__.torch.classes.');
}

/** An object of the archive's code, with the state that its code is given. */
function ownCall(callee: Shape): Judgement | undefined {
  const isObject = callee.kind === 'instance' && callee.of === '__torch__';
  const isClass = callee.kind === 'reference' && isOwn(callee.reference);
  return isObject || isClass ? { verdict: 'pass', returns: { kind: 'instance', of: '__torch__' } } : undefined;
}
