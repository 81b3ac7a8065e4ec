import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keyBindings } from '../../../../src/view/terminal/keys.ts';
import { paletteContent } from '../../../../src/view/terminal/pages/palette.ts';
import { entriesFor } from '../../../../src/view/terminal/pages/palette-entries.ts';
import { plainTheme } from '../../../support/render.tsx';
import { idOf } from '../../../support/samples.ts';
import * as scenes from '../../../support/scenes.ts';

const { model, verdicts } = scenes.followed(scenes.stopLeak);
const shown = { model, verdicts, theme: plainTheme };
const found = (text: string) => entriesFor(shown, text, new WeakMap());
const linesOf = (text: string, width: number): string[] =>
  paletteContent(shown, { text, chosen: 0, candidates: new WeakMap() }, width).lines.map((line) =>
    line.map((piece) => piece.text).join(''),
  );
const first = (text: string) => found(text).entries[0];

describe('the palette', () => {
  test('has every command with its key before anything is typed, but its own', () => {
    const keys = found('').entries.map(({ run }) => (run.kind === 'key' ? run.key : ''));
    expect(keys).toEqual(keyBindings.map((binding) => binding.keys[0]).filter((key) => key !== ':'));
  });

  test('gives a title the columns that the rest of the line leaves, and every command its whole description at 80', () => {
    const [title = ''] = linesOf('dockerd leaks', 80);
    expect(title.length).toBeLessThanOrEqual(80);
    expect(title.indexOf('critical')).toBeGreaterThan(60);
    for (const line of linesOf('', 80)) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  test.each([
    ['signal', 'D'],
    ['sgnl dmp', 'D'],
    ['record', 'r'],
    ['zoom', 'z'],
    ['mounts', '4'],
    ['findings', '0'],
    ['clipboard', null],
  ])('finds %s', (text, key) => {
    const run = first(text)?.run;
    expect(run?.kind === 'key' ? run.key : null).toBe(key);
  });

  test('filters a pane by its name, and goes to a row by the beginning of it', () => {
    expect(first('containers web')?.run).toEqual({ kind: 'pane', pane: 'containers', filter: 'web' });
    expect(first('container fluentd')?.run).toEqual({
      kind: 'jump',
      target: { to: 'row', pane: 'containers', key: idOf('a9') },
    });
    expect(found('containers web').entries[1]?.name).toContain('web-1');
    expect(found('mount nowhere')).toEqual({ entries: [], nothing: 'no row of mounts matches' });
  });

  test('asks for the number after pid, and says at any width why there is no row of one', () => {
    expect(found('pid')).toEqual({ entries: [], nothing: 'type a pid: pid 4242' });
    expect(linesOf('pid 1', 60).map((line) => line.trim())).toEqual([
      'pid 1 is in no pane: they list D and Z tasks, daemons and',
      'init processes',
    ]);
  });

  test('goes to a pid: of a task, of a daemon', () => {
    const target = (text: string) => {
      const run = first(text)?.run;
      return run?.kind === 'jump' && run.target.to === 'row' ? run.target : null;
    };
    expect(target('pid 28816')).toMatchObject({ pane: 'processes', key: expect.stringMatching(/^28816 /) });
    expect(target('pid 901')).toEqual({ to: 'row', pane: 'daemons', key: 'dockerd' });
    expect(found('pid 7').nothing).toContain('pid 7 is in no pane');
  });

  test.each([64, 12, 6])('goes to a container by the first %d characters of its id', (length) => {
    const id = idOf('a9');
    expect(found(id.slice(0, length)).entries.map(({ run }) => run)).toEqual([
      { kind: 'jump', target: { to: 'row', pane: 'containers', key: id } },
    ]);
  });

  test('goes to a finding by its words and to a row by its name', () => {
    expect(first('is frozen')?.run).toMatchObject({ kind: 'jump', target: { to: 'finding' } });
    expect(first('shipper-0')?.name).toContain('shipper-0');
  });

  test('finds something or says why not, whatever is typed', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.constantFrom('pid', 'pid 99999999999999999999', 'mounts /(/', 'disk /a/')),
        (text) => {
          const { entries, nothing } = found(text);
          expect(entries.length > 0 || nothing !== '').toBe(true);
        },
      ),
    );
  });
});
