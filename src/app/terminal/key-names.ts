import type { Key } from 'ink';
import { clean } from '../../view/text.ts';

const special = [
  'upArrow',
  'downArrow',
  'leftArrow',
  'rightArrow',
  'pageUp',
  'pageDown',
  'home',
  'end',
  'return',
  'escape',
  'backspace',
  'delete',
] as const;

/** Keys inside a longer input, by the characters they send. */
const controls: ReadonlyMap<string, string> = new Map([
  ['\r', 'return'],
  ['\n', 'return'],
  ['\t', 'tab'],
  ['\u007f', 'backspace'],
  ['\u001b', 'escape'],
]);

/** The most characters of a key that is not known. */
const longest = 12;

/** A key for the reader: `^K` for `ctrl+k`. */
export function keyText(name: string): string {
  const text = name.startsWith('ctrl+') ? `^${name.slice('ctrl+'.length).toUpperCase()}` : name;
  return clean([...text].slice(0, longest).join(''));
}

/**
 * The names of the pressed keys, as in the key table. A slow line may deliver several at once.
 */
export function keyNames(input: string, key: Key): string[] {
  const found = special.find((name) => key[name]);
  if (found !== undefined) return [key.shift && found.endsWith('Arrow') ? `shift+${found}` : found];
  if (key.tab) return [key.shift ? 'shift+tab' : 'tab'];
  if (key.ctrl) return [`ctrl+${input}`];
  // Esc and a letter may arrive in one read, which is also what Alt sends. No key needs Alt.
  if (key.meta) return [...input].length === 1 ? ['escape', input] : [];
  return Array.from(input, (character) => controls.get(character) ?? controlName(character) ?? character);
}

/** `ctrl+a` for the first control character; null for any other character. */
function controlName(character: string): string | null {
  const code = character.charCodeAt(0);
  return code >= 1 && code <= 26 ? `ctrl+${String.fromCharCode(96 + code)}` : null;
}
