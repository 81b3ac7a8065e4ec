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
  // Esc and a letter right after it arrive as one read, and that is what Alt and the letter send. No key needs Alt.
  if (key.meta) return [...input].length === 1 ? ['escape', input] : [];
  return Array.from(input, (character) => controls.get(character) ?? character);
}
