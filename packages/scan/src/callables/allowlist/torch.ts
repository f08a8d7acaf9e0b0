import type { Entry } from '../entry.ts';
import { torchClasses, torchFunctions } from '../generated/plain-torch.ts';
import type { Pattern } from '../pattern.ts';
import { listed, plainClasses } from './plain.ts';

const int: Pattern = 'int';
const sizes: Pattern = { either: [{ every: int, of: 'tuple' }, { instance: ['torch.Size'] }] };
const strides: Pattern = { every: int, of: 'tuple' };
const storage: Pattern = { persistent: ['torch.Storage'] };
const hooks: Pattern = { either: [{ instance: ['collections.OrderedDict'] }, { dict: ['data', 'data'] }, 'none'] };
/** Where a module looks for attributes that it does not find, while it is loaded. */
const members: Pattern = { either: [{ instance: ['collections.OrderedDict'] }, { dict: ['str', 'object'] }] };
const tensor: Pattern = { instance: ['torch.Tensor', 'torch.nn.Parameter'] };
const flag: Pattern = 'bool';
// With anything else torch formats the tensor for an error, and imports what it needs for that.
const metadata: Pattern = { either: ['none', { dict: ['str', 'bool'] }] };

const types: readonly string[] = (
  'float32 float float64 double float16 half bfloat16 uint8 uint16 uint32 uint64 int8 int16 short int32 int int64 long ' +
  'bool complex32 chalf complex64 cfloat complex128 cdouble quint8 qint8 qint32 quint4x2 quint2x4 float8_e4m3fn ' +
  'float8_e5m2 float8_e4m3fnuz float8_e5m2fnuz float8_e8m0fnu float4_e2m1fn_x2 bits8 bits16'
).split(' ');
const storages: readonly string[] =
  'Float Double Half BFloat16 Byte Char Short Int Long Bool ComplexFloat ComplexDouble QUInt8 QInt8 QInt32 QUInt4x2 QUInt2x4'.split(
    ' ',
  );
const named: readonly string[] = (
  'strided sparse_coo sparse_csr sparse_csc sparse_bsr sparse_bsc jagged contiguous_format channels_last preserve_format ' +
  'per_tensor_affine per_channel_affine per_tensor_symmetric per_channel_symmetric per_channel_affine_float_qparams ' +
  'relu tanh sigmoid Tensor dtype'
).split(' ');
const type: Pattern = { reference: types.map((name) => `torch.${name}`) };
const quantizer: Pattern = {
  either: [
    { tuple: [{ reference: ['torch.per_tensor_affine'] }, 'float', int] },
    {
      tuple: [
        { reference: ['torch.per_channel_affine', 'torch.per_channel_affine_float_qparams'] },
        tensor,
        tensor,
        int,
      ],
    },
  ],
};
const placed: readonly Pattern[] = [storage, int, sizes, strides];
const rebuilds: readonly string[] = [
  '_rebuild_tensor',
  '_rebuild_tensor_v2',
  '_rebuild_tensor_v3',
  '_rebuild_parameter',
];

/** torch 0.4 to 2.15: what `torch.save` writes for tensors, parameters and whole modules; `torch/_utils.py`. */
export const torch: readonly Entry[] = [
  ...[...types, ...named].map((name): Entry => ({ names: [`torch.${name}`] })),
  ...storages.map((name): Entry => ({ names: [`torch.${name}Storage`, `torch.cuda.${name}Storage`] })),
  { names: ['torch.storage.UntypedStorage', 'torch.UntypedStorage', 'torch._UntypedStorage'] },
  { names: ['torch.storage.TypedStorage', 'torch.TypedStorage'] },
  {
    names: ['torch._utils._rebuild_tensor'],
    calls: [{ arguments: placed, relation: 'tensor within storage' }],
    returns: 'torch.Tensor',
  },
  {
    names: ['torch._utils._rebuild_tensor_v2'],
    calls: [{ arguments: [...placed, flag, hooks, metadata], required: 6, relation: 'tensor within storage' }],
    returns: 'torch.Tensor',
  },
  {
    names: ['torch._utils._rebuild_tensor_v3'],
    calls: [{ arguments: [...placed, flag, hooks, type, metadata], required: 7, relation: 'tensor within storage' }],
    returns: 'torch.Tensor',
  },
  {
    names: ['torch._utils._rebuild_qtensor'],
    calls: [{ arguments: [...placed, quantizer, flag, hooks], relation: 'tensor within storage' }],
    returns: 'torch.Tensor',
  },
  {
    names: ['torch._utils._rebuild_sparse_tensor'],
    calls: [
      {
        arguments: [
          { either: [{ instance: ['torch.layout'] }, { reference: ['torch.sparse_coo'] }] },
          {
            either: [
              { tuple: [tensor, tensor, sizes] },
              { tuple: [tensor, tensor, sizes, { either: ['bool', 'none'] }] },
            ],
          },
        ],
      },
    ],
    returns: 'torch.Tensor',
  },
  { names: ['torch.serialization._get_layout'], calls: [{ arguments: [{ short: 64 }] }], returns: 'torch.layout' },
  {
    names: ['torch._utils._rebuild_parameter'],
    calls: [{ arguments: [tensor, flag, hooks] }],
    returns: 'torch.nn.Parameter',
  },
  {
    names: ['torch._utils._rebuild_parameter_with_state'],
    calls: [{ arguments: [tensor, flag, hooks, 'attributes'] }],
    returns: 'torch.nn.Parameter',
  },
  {
    names: ['torch._tensor._rebuild_from_type_v2'],
    calls: [
      {
        arguments: [
          { reference: rebuilds.slice(0, 3).map((name) => `torch._utils.${name}`) },
          { reference: ['torch.Tensor', 'torch.nn.parameter.Parameter'] },
          { either: [{ tuple: [...placed, flag, hooks] }, { tuple: [...placed, flag, hooks, metadata] }] },
          'attributes',
        ],
        relation: 'tensor of a type',
      },
    ],
    returns: 'torch.Tensor',
  },
  { names: ['torch.nn.parameter.Parameter', 'torch.nn.Parameter'] },
  {
    names: ['torch.Size'],
    calls: [
      {
        arguments: [
          {
            either: [
              { every: int, of: 'tuple' },
              { every: int, of: 'list' },
            ],
          },
        ],
      },
    ],
    new: [
      {
        arguments: [
          {
            either: [
              { every: int, of: 'tuple' },
              { every: int, of: 'list' },
            ],
          },
        ],
      },
    ],
    returns: { keeps: 'torch.Size' },
  },
  {
    names: ['torch.device'],
    calls: [{ arguments: [{ matching: '[a-z]{1,16}(?::\\d{1,4})?' }, { int: [0, 1024] }], required: 1 }],
    returns: 'torch.device',
  },
  ...scripted(),
  ...plainClasses(torchClasses, { fields: { _parameters: members, _buffers: members, _modules: members } }),
  ...listed(torchFunctions),
];

/** What TorchScript writes in its own `data.pkl`. */
function scripted(): readonly Entry[] {
  const list = (name: string, item: Pattern): Entry => ({
    names: [`torch.jit._pickle.${name}`],
    calls: [{ arguments: [{ every: item, of: 'list' }] }],
    returns: 'builtins.list',
  });
  return [
    list('build_intlist', int),
    list('build_doublelist', 'float'),
    list('build_boollist', 'bool'),
    list('build_tensorlist', tensor),
  ];
}
