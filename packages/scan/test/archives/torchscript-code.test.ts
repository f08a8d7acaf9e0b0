import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NotUnderstood } from '../../src/bytes/source.ts';
import { definedIn, doubtsOf } from '../../src/formats/torchscript/code.ts';

const found = (code: string): string[] =>
  [...doubtsOf(code, definedIn(code))].map(({ kind, reaches }) => `${kind} ${reaches}`);
const method = (line: string): string =>
  `class M(Module):\n  def forward(self: __torch__.M, x: Tensor) -> Tensor:\n    ${line}\n`;

it.each([
  'return torch.relu(x)',
  'return (self).forward(x, )',
  '_0 = __torch__.torch.nn.functional.linear',
  '_0 = getattr(self, "0")',
  'ops.prim.RaiseException("torch.save", "builtins.ValueError")',
  'x0 = torch.add(x, CONSTANTS.c0, alpha=1)',
  'return x.reshape([1, -1])',
  '_1 = annotate(List[Tensor], [])',
  '_2 = ops.quantized.linear(x, self._packed_params, 1., 0)',
])('is only TorchScript: %s', (line) => {
  expect(found(method(line))).toEqual([]);
});

it.each([
  ['torch.save(x, "marker")', 'file torch.save'],
  ['x.save("marker")', 'file save'],
  ['f = torch.save', 'file torch.save'],
  ['ops.aten.save(x, "marker")', 'file ops.aten.save'],
  ['return torch.from_file("marker", False, 4)', 'file torch.from_file'],
  ['(torch).save(x, "marker")', 'operator torch'],
  ['t = torch', 'operator torch'],
  ['getattr(x, "save")("marker")', 'operator getattr'],
  ['getattr(x, "\\x73ave")("marker")', 'operator getattr'],
  ['getattr(torch, "0")', 'operator getattr'],
  ['torch.ops.aten.save(x, "m")', 'operator torch.ops.aten.save'],
  ['ops.mylib.run(x)', 'operator ops.mylib.run'],
  ['ops.prim.PythonOp(x)', 'operator ops.prim.PythonOp'],
  ['_0 = __torch__.torch.classes.mylib.Runner.__new__()', 'operator __torch__.torch.classes.mylib.Runner.__new__'],
  ['x.never_heard_of()', 'operator never_heard_of'],
  ['import os', 'operator import'],
])('is more than that: %s', (line, doubt) => {
  expect(found(method(line))).toContain(doubt);
});

it('a method of a class that is called as one that opens a file stays what the operator is', () => {
  expect(found('class M(Module):\n  def save(self, x):\n    return x.save("marker")\n')).toContain('file save');
});

it.each(['^MyOp()(x)', '@property', 'x = `os`', '"never ends', 'é = 1', '$'])('is no TorchScript: %s', (line) => {
  expect(() => found(method(line))).toThrow(NotUnderstood);
});

it('whatever the code is, it ends, and a call of save in it is found', () => {
  const words = fc.constantFrom(
    'torch',
    '.',
    '(',
    ')',
    'x',
    '"a"',
    'getattr',
    ',',
    'def',
    ' ',
    '\n',
    '1',
    'ops',
    '__torch__',
  );
  fc.assert(
    fc.property(fc.array(words, { maxLength: 40 }), (before) => {
      expect(found(`${before.join(' ')}\n;torch.save(x)`).some((doubt) => doubt.startsWith('file '))).toBe(true);
    }),
    { numRuns: 300 },
  );
});
