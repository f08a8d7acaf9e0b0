import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DatasetError, shown } from '../errors.ts';
import type { Image } from '../png.ts';
import { jpegHeader } from './jpeg-header.ts';

interface Decoded {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** What Emscripten makes of a module; functions of it are there as soon as it was made. */
interface Codec {
  decode?(bytes: Uint8Array, preserveOrientation: boolean): Decoded | null;
  readonly HEAPU8?: Uint8Array;
}

type MakeCodec = (codec: object) => unknown;

/** What is used of WebAssembly, whose types TypeScript has for browsers only. */
interface Instance {
  readonly exports: object;
}
interface Engine {
  compile(bytes: Uint8Array): Promise<object>;
  readonly Instance: new (program: object, imports: object) => Instance;
}
const { WebAssembly: engine } = globalThis as unknown as { readonly WebAssembly: Engine };

/** Bytes of memory of the codec, which never gives any back. */
const mostKept = 2 ** 28;

/**
 * Decodes JPEG images with MozJPEG, compiled to WebAssembly: it cannot reach anything but the bytes that it is given, and pixels are, to the
 * last bit, those of libjpeg-turbo, which most frameworks read images with. Turned or mirrored, as EXIF may ask for, they are not.
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { JpegDecoder } from '@holdfast/dataset/jpeg/jpeg-decoder';
 *
 * const decoder = await JpegDecoder.load();
 * const { width, height, channels, pixels } = decoder.read(readFileSync('cat.jpg'), 'cat.jpg');
 * console.log(width, height, channels, pixels.length);
 * ```
 */
export class JpegDecoder {
  readonly #make: MakeCodec;
  readonly #program: object;
  readonly #said: string[] = [];
  #codec: Codec | undefined;

  private constructor(make: MakeCodec, program: object) {
    this.#make = make;
    this.#program = program;
  }

  static async load(): Promise<JpegDecoder> {
    const codec: unknown = await import('@jsquash/jpeg/codec/dec/mozjpeg_dec.js');
    const { default: make } = codec as { readonly default: MakeCodec };
    const path = fileURLToPath(import.meta.resolve('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm'));
    return new JpegDecoder(make, await engine.compile(readFileSync(path)));
  }

  /** @throws DatasetError HF_DATASET_FORMAT of an image that is damaged or of a kind that is not read, HF_DATASET_LIMIT */
  read(bytes: Uint8Array, path: string): Image {
    const { width, height, channels } = jpegHeader(bytes, path);
    const found = this.#decode(bytes, path);
    if (found.width !== width || found.height !== height || found.data.length !== 4 * width * height) {
      return refuse('is not of the size that it says', path);
    }
    const pixels = new Uint8Array(width * height * channels);
    for (let at = 0, from = 0; at < pixels.length; from += 4) {
      for (let channel = 0; channel < channels; channel += 1) pixels[at++] = found.data[from + channel] ?? 0;
    }
    return { width, height, channels, pixels };
  }

  /** Of what the codec complains about, it still makes some pixels: they are not those of the image. */
  #decode(bytes: Uint8Array, path: string): Decoded {
    this.#said.length = 0;
    let found: Decoded | null | undefined;
    try {
      found = withImageData(() => (this.#codec ?? this.#start()).decode?.(bytes, false));
    } catch {
      // where it stopped, its stack is not as it was
      this.#codec = undefined;
    }
    if ((this.#codec?.HEAPU8?.length ?? 0) > mostKept) this.#codec = undefined;
    const [problem] = this.#said;
    if (problem !== undefined)
      return refuse(`is damaged, or of a kind that is not read: ${problem.slice(0, 200)}`, path);
    return found ?? refuse('cannot be decoded', path);
  }

  #start(): Codec {
    const say = (text: string): void => {
      this.#said.push(text);
    };
    const codec: Codec & Record<string, unknown> = {
      ...{ noInitialRun: true, print: say, printErr: say },
      instantiateWasm: (imports: object, received: (instance: Instance) => void): object => {
        const instance = new engine.Instance(this.#program, imports);
        received(instance);
        return instance.exports;
      },
    };
    this.#make(codec);
    this.#codec = codec;
    return codec;
  }
}

/** The codec hands its pixels to a class of browsers, which is there while it works. */
function withImageData<Result>(work: () => Result): Result {
  const place = globalThis as { ImageData?: unknown };
  if (place.ImageData !== undefined) return work();
  place.ImageData = Pixels;
  try {
    return work();
  } finally {
    delete place.ImageData;
  }
}

class Pixels implements Decoded {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;

  constructor(data: Uint8ClampedArray, width: number, height: number) {
    this.data = data;
    this.width = width;
    this.height = height;
  }
}

function refuse(problem: string, path: string): never {
  throw new DatasetError('HF_DATASET_FORMAT', `${shown(path)} ${problem}`, { where: path });
}
