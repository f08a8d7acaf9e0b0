"""Writes packages/scan/src/formats/torchscript/generated/operators.ts: the operators that TorchScript may call.

Run with the Python that has the pins of requirements-scan-torch.txt, from the top of the repository. What is left out:
operators that read or write files, hand out addresses, or are of no use in a saved model (gradients, `out` variants,
those of one compiler). An operator that a later PyTorch adds is unknown until it has been looked at.
"""
import re
import torch

LEFT_OUT = re.compile(r"save|load|file|data_ptr|pickle|dump|record|_test|backward|_out$|^_foreach|^_fused|^_cudnn|^_cuda|set_data|set_source|storage|from_blob|pin_memory")
PRIVATE = set("""_convolution _convolution_mode _shape_as_tensor _weight_norm _pack_padded_sequence _pad_packed_sequence
_log_softmax _softmax _trilinear _unique _unique2 _infer_size _size_if_not_equal _grad_sum_to_size _set_item
_no_grad_embedding_renorm_ _transformer_encoder_layer_fwd _native_multi_head_attention _nested_tensor_from_mask
_nested_tensor_from_mask_left_aligned _reshape_from_tensor _unwrap_optional _assert_async _dim_arange _aminmax
_adaptive_avg_pool2d _adaptive_avg_pool3d _scaled_dot_product_attention _embedding_bag _upsample_bicubic2d_aa
_upsample_bilinear2d_aa _cast_Byte _cast_Char _cast_Double _cast_Float _cast_Half _cast_Int _cast_Long _cast_Short""".split())
PRIM = set("""EnumName EnumValue NumToTensor Print RaiseException TupleIndex TupleUnpack Uninitialized abs data device dtype
grad is_cpu is_cuda is_mps is_meta is_mkldnn is_nested is_quantized is_sparse is_sparse_csr itemsize layout max min name
nbytes rangelist requires_grad tolist type unchecked_cast unchecked_unwrap_optional""".split())

names = {"aten": set(), "prim": set(), "quantized": set()}
for schema in torch._C._jit_get_all_schemas():
    namespace, _, name = schema.name.partition("::")
    if namespace in names:
        names[namespace].add(name)

def allowed(namespace, name):
    if namespace == "prim":
        return name in PRIM
    if LEFT_OUT.search(name):
        return False
    return not name.startswith("_") or name in PRIVATE or name.startswith("__")

lines = [
    f"// Written by tools/peers/scan/torch-operators.py with PyTorch {torch.__version__.split('+')[0]}.",
    "",
    "/** Operators that compute, by namespace. */",
    "export const operators: Readonly<Record<string, ReadonlySet<string>>> = {",
]
for namespace, found in names.items():
    lines.append(f"  {namespace}: words(`")
    line = "   "
    for name in sorted(name for name in found if allowed(namespace, name)):
        if len(line) + len(name) > 115:
            lines.append(line)
            line = "   "
        line += " " + name
    lines += [line, "  `),"]
lines += ["};", "", "function words(text: string): ReadonlySet<string> {", "  return new Set(text.trim().split(/\\s+/));", "}", ""]
with open("packages/scan/src/formats/torchscript/generated/operators.ts", "w") as file:
    file.write("\n".join(lines))
print({namespace: sum(allowed(namespace, name) for name in found) for namespace, found in names.items()})
print(sorted(name for name in names["aten"] if not allowed("aten", name) and not name.startswith("_") and not re.search("backward|_out$", name)))
