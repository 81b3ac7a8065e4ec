import { describe, expect, expectTypeOf, test } from 'vitest';
import type { SourceCommand, TimeCommand } from '../../../src/timeline/time-command.ts';
import { type CommandOf, commandOfKey, keyBindings } from '../../../src/view/terminal/keys.ts';
import { keysDocument } from '../../support/keys-document.ts';

describe('the table of keys', () => {
  test('gives every key one meaning', () => {
    const all = keyBindings.flatMap(({ keys }) => keys);
    expect(new Set(all).size).toBe(all.length);
    expect(commandOfKey('q')).toMatchObject({ command: 'quit', owner: 'action' });
    expect(commandOfKey('ctrl+c')).toBe(commandOfKey('q'));
    expect(commandOfKey('ü')).toBeNull();
  });

  test('has a key for every command of the source, and no other', () => {
    expectTypeOf<CommandOf<'time'>>().toEqualTypeOf<TimeCommand>();
    expectTypeOf<CommandOf<'source'>>().toEqualTypeOf<SourceCommand>();
  });

  test('says what each key does, and ends with help and quit', () => {
    for (const { help, command } of keyBindings) expect(help, command).not.toBe('');
    expect(new Set(keyBindings.map(({ help }) => help)).size).toBe(keyBindings.length);
    expect(keyBindings.slice(-2).map(({ command }) => command)).toEqual(['help', 'quit']);
  });

  test('is docs/keys.md', async () => {
    await expect(keysDocument).toMatchFileSnapshot('../../../docs/keys.md');
  });
});
