/**
 * What chat templates use: Jinja's own names as of 3.1 less those that look up attributes by computed names, load
 * files, draw at random or print objects; what transformers adds; and methods of texts, lists and maps that build
 * nothing from a format.
 */
const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** https://jinja.palletsprojects.com/en/stable/templates/#list-of-builtin-filters */
export const filters = words(
  `abs batch capitalize center count d default dictsort e escape filesizeformat first float forceescape groupby indent
   int items join last length list lower map max min reject rejectattr replace reverse round safe select selectattr
   slice sort string striptags sum title tojson trim truncate unique upper urlencode wordcount wordwrap`,
);

/** Filters whose first text, or `attribute=`, is looked up as an attribute: `a.b` as a path. */
export const attributeFilters = words('map selectattr rejectattr groupby sum sort unique max min join');

/** https://jinja.palletsprojects.com/en/stable/templates/#list-of-builtin-tests */
export const tests = words(
  `boolean callable defined divisibleby eq equalto escaped even false filter float ge greaterthan gt in integer
   iterable le lessthan lower lt mapping ne none number odd sameas sequence string test true undefined upper`,
);

/** Jinja's global functions, and those of transformers' `render_jinja_template`. */
export const functions = words('range dict cycler joiner namespace raise_exception strftime_now');

/** Methods of `loop` and of what `cycler` and `joiner` make among them. */
export const methods = words(
  `append capitalize center copy count cycle changed endswith extend find get index insert isalnum isalpha isascii
   isdecimal isdigit islower isnumeric isspace isupper items join keys ljust lower lstrip next partition pop
   removeprefix removesuffix replace reset reverse rfind rindex rjust rpartition rsplit rstrip split splitlines
   startswith strip swapcase title update upper values zfill`,
);

/** By which Python shows frames and code: the `inspect` documentation's table, and Jinja's own sandbox. */
export const insides = words(
  `ag_await ag_code ag_frame ag_running co_code co_consts co_names cr_await cr_code cr_frame cr_origin f_back
   f_builtins f_code f_globals f_lasti f_locals f_trace func_closure func_code func_defaults func_globals gi_code
   gi_frame gi_yieldfrom im_class im_func im_self mro tb_frame tb_next`,
);

/** Functions and filters whose numbers say how much they make. */
export const sized = words('range center ljust rjust zfill indent batch slice wordwrap truncate round');
