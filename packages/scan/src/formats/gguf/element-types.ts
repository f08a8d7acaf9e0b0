/** How elements of a tensor's type are stored: so many in a block of so many bytes. */
export interface ElementType {
  readonly name: string;
  /** Elements. */
  readonly block: number;
  readonly bytes: number;
}

/** Name, elements of a block, bytes of a block: `ggml_type` of ggml, as of gguf 0.19.0 (`GGML_QUANT_SIZES`). */
const types: readonly (readonly [id: number, name: string, block: number, bytes: number])[] = [
  ...([
    [0, 'F32', 1, 4],
    [1, 'F16', 1, 2],
    [2, 'Q4_0', 32, 18],
    [3, 'Q4_1', 32, 20],
  ] as const),
  ...([
    [6, 'Q5_0', 32, 22],
    [7, 'Q5_1', 32, 24],
    [8, 'Q8_0', 32, 34],
    [9, 'Q8_1', 32, 40],
  ] as const),
  ...([
    [10, 'Q2_K', 256, 84],
    [11, 'Q3_K', 256, 110],
    [12, 'Q4_K', 256, 144],
    [13, 'Q5_K', 256, 176],
  ] as const),
  ...([
    [14, 'Q6_K', 256, 210],
    [15, 'Q8_K', 256, 292],
    [16, 'IQ2_XXS', 256, 66],
    [17, 'IQ2_XS', 256, 74],
  ] as const),
  ...([
    [18, 'IQ3_XXS', 256, 98],
    [19, 'IQ1_S', 256, 50],
    [20, 'IQ4_NL', 32, 18],
    [21, 'IQ3_S', 256, 110],
  ] as const),
  ...([
    [22, 'IQ2_S', 256, 82],
    [23, 'IQ4_XS', 256, 136],
    [24, 'I8', 1, 1],
    [25, 'I16', 1, 2],
  ] as const),
  ...([
    [26, 'I32', 1, 4],
    [27, 'I64', 1, 8],
    [28, 'F64', 1, 8],
    [29, 'IQ1_M', 256, 56],
  ] as const),
  ...([
    [30, 'BF16', 1, 2],
    [34, 'TQ1_0', 256, 54],
    [35, 'TQ2_0', 256, 66],
    [39, 'MXFP4', 32, 17],
  ] as const),
  ...([
    [40, 'NVFP4', 64, 36],
    [41, 'Q1_0', 128, 18],
  ] as const),
];

export const elementTypes: ReadonlyMap<number, ElementType> = new Map(
  types.map(([id, name, block, bytes]) => [id, { name, block, bytes }]),
);
