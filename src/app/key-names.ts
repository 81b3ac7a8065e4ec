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

/**
 * The names of what was pressed, as the table of keys has them. A slow line delivers several keys at once: each counts.
 */
export function keyNames(input: string, key: Key): string[] {
  const found = special.find((name) => key[name]);
  if (found !== undefined) return [found];
  if (key.tab) return [key.shift ? 'shift+tab' : 'tab'];
  if (key.ctrl) return [`ctrl+${input}`];
  return key.meta ? [] : [...input];
}
