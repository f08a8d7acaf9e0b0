/** Below this, chance alone would find a secret in a log. */
const shortest = 6;
const fewestDifferentBytes = 4;
const shortestNumber = 10;

/** Words that stand in every other log, and values that were never changed. */
const words = new Set(
  [
    'password passwd passphrase secret secrets secret123 api_key apikey credentials changeme change_me letmein welcome',
    'qwerty qwertz iloveyou abc123 admin123 password1 administrator username default example placeholder undefined unknown',
    'localhost 127.0.0.1 0.0.0.0 http:// https:// postgres postgresql mongodb production staging development testing',
    'enabled disabled success succeeded failed failure warning warnings errors exception traceback message python python3',
    'training train.py running started finished completed loading loaded epochs accuracy holdfast',
  ].flatMap((line) => line.split(' ')),
);

/**
 * Why a value cannot be kept secret by redaction: it would be found everywhere, and shred the log, or its
 * replacement would show it.
 *
 * @param names of all secrets of the stage.
 * @returns half a sentence without the value, or nothing.
 */
export function weaknessOf(value: Uint8Array, names: readonly string[]): string | undefined {
  if (value.length < shortest) return `has fewer than \`${shortest}\` bytes`;
  if (new Set(value).size < fewestDifferentBytes) return `has fewer than \`${fewestDifferentBytes}\` different bytes`;
  const text = Buffer.from(value).toString('latin1');
  if (/^[0-9]+$/.test(text) && text.length < shortestNumber)
    return `is a number of fewer than \`${shortestNumber}\` digits`;
  if (words.has(text.toLowerCase())) return 'is a word that every log holds';
  if (names.some((name) => `[secret ${name}]`.includes(text))) return 'is the name of a secret, which is no secret';
  return undefined;
}
