/** What a call does with a path that it is given. */
export type PathUse = 'read' | 'write' | 'ignore';

const names = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter((name) => name !== ''));

/** By the last part of the name: `df.to_csv` is `to_csv`. Of pandas, Polars, NumPy, PyTorch, scikit-learn, Keras … */
const writers = names(`
  appendFile appendFileSync copyTo createWriteStream dump dump_model export export_saved_model extract extractall imsave
  imwrite makedirs
  mkdir mkdirSync outputFile outputJson save save_as_table save_checkpoint save_file save_model save_pretrained
  save_to_disk save_weights savefig savemat savetxt savez savez_compressed saveAsTextFile sink_csv sink_ipc sink_parquet
  to_csv to_excel to_feather to_file to_hdf to_html to_json to_markdown to_netcdf to_orc to_parquet to_pickle to_stata
  to_zarr touch urlretrieve write_bytes write_csv write_dataset write_feather write_html write_image write_ipc write_json
  write_ndjson write_parquet write_table write_text write_to_dataset writeFile writeFileSync writeJson SummaryWriter
  CSVLogger ModelCheckpoint ParquetWriter FileHandler`);

const readers = names(`
  createReadStream fromfile from_file from_json from_parquet from_pretrained genfromtxt glob iglob imread iterdir listdir
  load load_csv load_dataset load_from_disk load_from_checkpoint load_json load_model load_npz load_state_dict
  load_weights loadmat loadtxt memmap open_dataset read read_bytes read_csv read_excel read_feather read_file read_fwf
  read_hdf read_image read_ipc read_json read_ndjson read_orc read_parquet read_pickle read_schema read_sql_table
  read_stata read_table read_text readFile readFileSync readdir readdirSync readJson rglob safe_open scan_csv scan_ipc
  scan_ndjson scan_parquet scandir walk ImageFolder InferenceSession ParquetFile`);

/** What takes the name of something, or asks about a path, or removes it. */
const ignored = names(`
  add_argument add_scalar access basename chmod endswith exists existsSync get getLogger is_dir is_file isdir isfile
  import_module log log_metric log_metrics log_model log_param log_params print remove rmdir rmtree rmSync set_experiment
  splitext startswith stat statSync unlink unlinkSync removeprefix removesuffix replaceAll split join require`);

/** The first argument is read, the second is written. */
const copiers = names('copy copy2 copyfile copytree copyFile copyFileSync cp cpSync move rename renameSync');

/** Only their first argument is a path: what follows is content. */
const takesContent = names(`
  appendFile appendFileSync createWriteStream outputFile outputJson writeFile writeFileSync writeJson`);

/** Whether they read or write is said by a mode. */
const openers = names('open File ZipFile TarFile openSync fdopen zopen');

/** Names of keywords whose value is where something is written to, whatever is called. */
const writtenKeywords =
  /^(?:output|out|save|dest|destination|dirpath|log|logging)(?:_?(?:dir|directory|path|file|folder))?$/;

/** A path needs no ending and no slash to be one here. */
const takesBareNames = names(`
  from_pretrained listdir load_from_disk load_model makedirs mkdir mkdirSync open save_model save_pretrained save_to_disk
  scandir walk iterdir glob rglob readdir readdirSync ImageFolder read_text write_text`);

/**
 * What a call does with one of its arguments.
 *
 * @param callee last part of the function's name
 * @param argument its position, or its keyword
 * @param mode of a call that opens: `'r'`, `'wb'`
 * @returns `undefined` for a call that nothing is known about
 */
export function useOf(callee: string, argument: number | string, mode: string | undefined): PathUse | undefined {
  if (typeof argument === 'string' && writtenKeywords.test(argument) && !ignored.has(callee)) return 'write';
  if (openers.has(callee)) return openedBy(argument, mode);
  if (copiers.has(callee)) return argument === 0 || argument === 'src' ? 'read' : 'write';
  if (takesContent.has(callee) && argument !== 0) return 'ignore';
  if (writers.has(callee)) return 'write';
  if (readers.has(callee)) return 'read';
  if (ignored.has(callee)) return 'ignore';
  // a function of the project's own: its name may tell
  if (/(?:^|_)(?:save|write|dump|export|store|persist)(?:_|$)|^(?:save|write|dump|export|store)[A-Z]/.test(callee))
    return 'write';
  return /(?:^|_)(?:load|read|open|parse)(?:_|$)|^(?:load|read|open|parse)[A-Z]/.test(callee) ? 'read' : undefined;
}

/** The path that is opened comes first. */
function openedBy(argument: number | string, mode: string | undefined): PathUse {
  if (argument !== 0 && argument !== 'file' && argument !== 'name' && argument !== 'filename') return 'ignore';
  return /[wax]/.test(mode ?? 'r') ? 'write' : 'read';
}

/** What may take the name of something on a hub in the network instead of a path. */
export const mayFetch = (callee: string): boolean =>
  /^(?:from_pretrained|load_dataset|hf_hub_download|snapshot_download)$/.test(callee);

/** Methods of a path whose arguments are no paths: what is written to it, patterns in it. */
export const takesNoPath = (method: string): boolean => /^(?:write_text|write_bytes|r?glob)$/.test(method);

/** Calls that ask whether something is there: what is read behind that may be missing. */
export const probes = (callee: string): boolean => /^(?:exists|isfile|isdir|is_file|is_dir|existsSync)$/.test(callee);

export const opens = (callee: string): boolean => openers.has(callee);

/** Endings of files that hold data, models, reports or configuration. */
const endings =
  /\.(?:csv|tsv|parquet|arrow|feather|jsonl|ndjson|json|npy|npz|onnx|pt|pth|ckpt|pkl|pickle|joblib|safetensors|h5|hdf5|keras|ubj|gguf|tflite|txt|xlsx|yaml|yml|toml|ini|cfg|db|sqlite|png|jpg|jpeg|svg|pdf|html|md|zip|gz|tar|bin|xml|avro|orc)$/i;
/** Of these a mere mention is enough to take a text for a path. */
const dataEndings =
  /\.(?:csv|tsv|parquet|arrow|feather|jsonl|json|npy|npz|onnx|pt|pth|pkl|joblib|safetensors|h5|keras|ubj|yaml|yml|toml)$/i;

/** Whether a text that a call is given looks like a path. */
export function looksLikePath(text: string, callee: string | undefined): boolean {
  if (text === '' || text.length > 1024 || /[\n\t<>|"]|:\/\//.test(text)) return false;
  if (callee !== undefined && openers.has(callee) && /^[rwaxbtU+]{1,4}$/.test(text)) return false; // `path.open('w')`
  if (callee === undefined) return dataEndings.test(text) && !/\s/.test(text);
  return (
    endings.test(text) || /^[^\s]*\/[^\s]*$/.test(text) || (takesBareNames.has(callee) && /^[\w.\0{}-]+$/.test(text))
  );
}
