import { isObject } from '../base/json-object.ts';

/** Replaces a secret. */
const hidden = '…';

/** Words in a name that make its value a secret. `authors` of an image are none. */
const words = 'pass(?:wd|word|phrase)?|secret|token|key|credential|auth(?!or)|dsn|last-applied-configuration';
const secretName = new RegExp(words, 'i');
/** Engine fields with a name like a secret that hold a path. */
const harmless = new Set(['SandboxKey']);
/** Hiding shorter values would hide ordinary words too. */
const shortestKnown = 6;

/** `Authorization: Bearer abc`, `Basic dXNlcjpwYXNz` */
const scheme = /\b(bearer|basic)\s+[\w.~+/=-]{4,}/gi;
/** `https://user:pass@host`, `https://token@host` */
const userInfo = /([a-z][a-z0-9+.-]*:\/\/[^\s"'@:/]*):[^\s"']+@/gi;
const bareUserInfo = /(https?:\/\/)[^\s"'@:/]+@/gi;
/** `--password=x`, `PASSWORD: "x y"`, `\"token\":\"x\"` */
const assignment = new RegExp(
  `([\\w.-]*(?:${words})[\\w.-]*[\\\\"']*\\s*[=:]\\s*)(\\\\*"[^"]*"|'[^']*'|[^\\s,;&"']+)`,
  'gi',
);
/** `--password x` */
const flag = new RegExp(`(^|\\s)(--?[\\w.-]*(?:${words})[\\w.-]*)(\\s+)(?!-)(\\S+)`, 'gi');
const flagAlone = new RegExp(`^--?[\\w.-]*(?:${words})[\\w.-]*$`, 'i');

/**
 * The JSON of an inspect without secrets, for screens and screenshots. It hides the values of all environment variables, of
 * labels and options with a name like a secret, passwords in URLs and arguments, and copies of a secret variable's value. Each
 * becomes `…`. The choice is a guess from names: a secret under a plain name outside the environment stays.
 */
export function hideSecrets(value: unknown): unknown {
  return hideIn(value, '', knownSecrets(value));
}

/** The same for a line of text, e.g. a command. */
export function hideSecretsInText(text: string): string {
  return text
    .replace(scheme, `$1 ${hidden}`)
    .replace(userInfo, `$1:${hidden}@`)
    .replace(bareUserInfo, `$1${hidden}@`)
    .replace(assignment, `$1${hidden}`)
    .replace(flag, `$1$2$3${hidden}`);
}

/** Values of environment variables with a name like a secret: arguments often repeat them. */
function knownSecrets(value: unknown): readonly string[] {
  const config = isObject(value) && isObject(value['Config']) ? value['Config']['Env'] : null;
  const spec = isObject(value) && isObject(value['spec']) ? value['spec']['process'] : null;
  const env = config ?? (isObject(spec) ? spec['env'] : null);
  if (!Array.isArray(env)) return [];
  return env.flatMap((variable) => {
    const [name = '', ...rest] = String(variable).split('=');
    const text = rest.join('=');
    return secretName.test(name) && text.length >= shortestKnown ? [text] : [];
  });
}

function hideIn(value: unknown, name: string, known: readonly string[]): unknown {
  if (typeof value === 'string') return hideString(value, name, known);
  if (Array.isArray(value)) {
    // Docker's inspect, and the OCI runtime specification.
    if (name === 'Env' || name === 'env') return value.map((variable) => `${String(variable).split('=')[0]}=${hidden}`);
    return value.map((item, index) =>
      // The value of `--password` is the argument after it.
      typeof item === 'string' && index > 0 && isFlag(value[index - 1]) && !item.startsWith('-')
        ? hidden
        : hideIn(item, '', known),
    );
  }
  if (!isObject(value)) return value;
  // A user chose the key: it may contain a secret itself.
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [hideString(key, '', known), hideIn(inner, key, known)]),
  );
}

function hideString(text: string, name: string, known: readonly string[]): string {
  if (text !== '' && secretName.test(name) && !harmless.has(name)) return hidden;
  const without = known.reduce((before, secret) => before.replaceAll(secret, hidden), text);
  return hideSecretsInText(without);
}

function isFlag(argument: unknown): boolean {
  return typeof argument === 'string' && flagAlone.test(argument);
}
