import type { Key } from 'ink';

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

/** Keys that arrive among others, as the characters they are sent as. */
const controls: ReadonlyMap<string, string> = new Map([
  ['\r', 'return'],
  ['\n', 'return'],
  ['\t', 'tab'],
  ['\u007f', 'backspace'],
  ['\u001b', 'escape'],
]);

/**
 * The names of what was pressed, as the table of keys has them. A slow line delivers several keys at once: each counts.
 */
export function keyNames(input: string, key: Key): string[] {
  const found = special.find((name) => key[name]);
  if (found !== undefined) return [key.shift && found.endsWith('Arrow') ? `shift+${found}` : found];
  if (key.tab) return [key.shift ? 'shift+tab' : 'tab'];
  if (key.ctrl) return [`ctrl+${input}`];
  return key.meta ? [] : Array.from(input, (character) => controls.get(character) ?? character);
}
