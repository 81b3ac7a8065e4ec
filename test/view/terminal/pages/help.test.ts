import { describe, expect, test } from 'vitest';
import { keyBindings, mouseBindings } from '../../../../src/view/terminal/keys.ts';
import { helpLines } from '../../../../src/view/terminal/pages/help.ts';

const textOf = (...[context, width]: Parameters<typeof helpLines>): string =>
  helpLines(context, width)
    .map((line) => line.map(({ text }) => text).join(''))
    .join('\n');
const words = (text: string): string => text.replaceAll(/\s+/g, ' ');

describe.each(['panes', 'findings', 'finding', 'details', 'inspect', 'log', 'goroutines', 'heap'] as const)(
  'the help on %s',
  (context) => {
    test.each([60, 76, 150])('has every key and what it does, and the mouse, in %s columns', (width) => {
      const whole = words(textOf(context, width));
      for (const { shown, keys, group } of keyBindings) {
        if (width < 116) expect(whole).toContain(group);
        expect(whole, group).toContain(shown);
        for (const key of keys) if (/^f\d/.test(key)) expect(whole).toContain(key.toUpperCase());
      }
      for (const { shown, help } of mouseBindings) {
        expect(whole).toContain(shown);
        if (width < 116) expect(whole).toContain(help);
      }
      for (const line of textOf(context, width).split('\n')) expect(line.trimEnd().length).toBeLessThanOrEqual(width);
    });
  },
);

const placeOf = (text: string, part: string): number => text.indexOf(part);

test('what works in the context comes first', () => {
  const rest = 'elsewhere and always';
  const onPane = textOf('panes', 76);
  expect(placeOf(onPane, 'sort')).toBeLessThan(placeOf(onPane, rest));
  const onInspect = textOf('inspect', 76);
  expect(placeOf(onInspect, 'show or hide secrets')).toBeLessThan(placeOf(onInspect, rest));
  expect(placeOf(onInspect, 'sort')).toBeGreaterThan(placeOf(onInspect, rest));
  expect(textOf('finding', 76)).toContain('on the page of a finding');
});
