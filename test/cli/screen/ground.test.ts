import { PassThrough } from 'node:stream';
import type tty from 'node:tty';
import { describe, expect, test } from 'vitest';
import { askGround, groundOfEnv } from '../../../src/cli/screen/ground.ts';
import { waitFor } from '../../support/wait-for.ts';

describe('COLORFGBG', () => {
  test.each([
    ['15;0', 'dark'],
    ['0;15', 'light'],
    ['0;default;15', 'light'],
    ['7;8', 'dark'],
    ['0;7', 'light'],
    ['15;default', null],
    ['', null],
    ['0;99', null],
  ])('%j is %s', (text, ground) => {
    expect(groundOfEnv({ COLORFGBG: text })).toBe(ground);
  });
});

const esc = '\u001b';

/** A terminal that answers with what the test says, and gives keys to what reads it afterwards. */
function terminal() {
  const stream = new PassThrough();
  const raw: boolean[] = [];
  const stdin = Object.assign(stream, {
    isRaw: false,
    setRawMode: (mode: boolean) => {
      raw.push(mode);
      return stdin;
    },
  }) as unknown as tty.ReadStream;
  /** What arrives from now on, as Ink reads it. */
  const listen = (): (() => string) => {
    let keys = '';
    stdin.setEncoding('utf8').on('readable', () => {
      for (let chunk = stdin.read(); chunk !== null; chunk = stdin.read()) keys += String(chunk);
    });
    return () => keys;
  };
  return { stdin, raw, listen, types: (text: string) => void stream.write(text) };
}

describe('the question for the background', () => {
  test.each([
    ['1c1c/1c1c/1c1c', 'dark'],
    ['fdfd/f6f6/e3e3', 'light'],
    ['ff/ff/ff', 'light'],
    ['0/0/8', 'dark'],
  ])('%s is %s', async (colour, ground) => {
    const { stdin, types, raw } = terminal();
    const asked: string[] = [];
    const write = (sequence: string): void => {
      asked.push(sequence);
      types(`${esc}]11;rgb:${colour}${esc}\\`);
    };
    expect(await askGround(stdin, write)).toBe(ground);
    expect(asked).toEqual([`${esc}]11;?${esc}\\`]);
    expect(raw).toEqual([true, false]);
  });

  test('leaves the keys that were pressed meanwhile, and nothing of the answer', async () => {
    const { stdin, types, listen } = terminal();
    const ground = askGround(stdin, () => types('2'));
    types(`${esc}]11;rgb:0000/0000/0000\u0007`);
    types('z');
    expect(await ground).toBe('dark');
    const keys = listen();
    types('q');
    await waitFor('the keys', () => keys().includes('q'));
    expect(keys().replace('z', '')).toBe('2q');
  });

  test.each([
    ['whole', [`${esc}]11;rgb:ffff/ffff/ffff${esc}\\`]],
    ['in two parts', [`${esc}]11;rgb:ff`, `ff/ffff/ffff${esc}\\`]],
    ['in three parts', [`${esc}]`, '11;rgb:ffff/ffff/ffff', `${esc}\\`]],
  ])('waits no longer than it must, and an answer that comes late, %s, is no key', async (_, parts) => {
    const { stdin, types, listen } = terminal();
    expect(await askGround(stdin, () => {})).toBeNull();
    const keys = listen();
    types('a');
    await waitFor('a key', () => keys() === 'a');
    for (const part of parts) {
      types(part);
      await new Promise((resolve) => setImmediate(resolve));
    }
    types('b');
    await waitFor('a key after the answer', () => keys().endsWith('b'));
    expect(keys()).toBe('ab');
  });
});
