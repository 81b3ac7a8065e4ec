import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Exposition, type Format } from '../../../src/cli/export/exposition.ts';
import { familiesOf } from '../../../src/export/families.ts';
import { knownOf } from '../../support/known.ts';
import * as scenes from '../../support/scenes.ts';

/** A line with a value, and what the label values are once their escapes are undone. */
function parseLine(line: string): {
  readonly name: string;
  readonly labels: Record<string, string>;
  readonly value: number;
} {
  const [, name = '', labels = '', value = ''] =
    /^([a-z_]+)(?:\{((?:[a-z]+="(?:[^"\\\n]|\\[\\"n])*",?)*)\})? (\S+)$/.exec(line) ?? [];
  expect(name, line).not.toBe('');
  const plain = (text: string): string => text.replaceAll(/\\(.)/g, (_, char) => (char === 'n' ? '\n' : char));
  return {
    name,
    labels: Object.fromEntries(
      [...labels.matchAll(/([a-z]+)="((?:[^"\\]|\\.)*)"/g)].map(([, label = '', text = '']) => [label, plain(text)]),
    ),
    value: Number(value.replace('Inf', 'Infinity')),
  };
}

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
const render = (format: Format): Promise<string> =>
  new Exposition().render(familiesOf(knownOf(scenes.stopLeak)), format);

test('classic text and OpenMetrics have the same series, and differ as their specifications say', async () => {
  const [text, openmetrics] = [await render('text'), await render('openmetrics')];
  expect(linesOf(openmetrics)).toEqual(linesOf(text));
  expect(text).toContain('# TYPE rtwatch_own_cpu_seconds_total counter\n');
  expect(openmetrics).toContain('# TYPE rtwatch_own_cpu_seconds counter\n');
  expect(openmetrics.endsWith('\n# EOF\n')).toBe(true);
  expect(text).not.toContain('# EOF');
  expect(openmetrics).not.toContain('\n\n');
});

test('each answer is observed in the buckets above it', async () => {
  const exposition = new Exposition();
  for (const ms of [1, 30, 30, 4000]) exposition.observe('dockerd', ms);
  const text = await exposition.render([], 'openmetrics');
  const buckets = linesOf(text).map(parseLine);
  const of = (le: string): number | undefined => buckets.find(({ labels }) => labels['le'] === le)?.value;
  expect([of('0.005'), of('0.025'), of('0.1'), of('2.5'), of('+Inf')]).toEqual([1, 1, 3, 3, 4]);
  expect(buckets.find(({ name }) => name.endsWith('_sum'))?.value).toBeCloseTo(4.061);
  // The counts go on from one answer to the next.
  exposition.observe('dockerd', 1);
  expect(await exposition.render([], 'text')).toContain('_count{daemon="dockerd"} 5\n');
});

test('a label of any text comes through, on one line', async () => {
  const { model, ...rest } = knownOf(scenes.stopLeak, { labels: ['containers'] });
  const stuck = model.containers?.list.filter((one) => one.stuck).slice(0, 1) ?? [];
  expect(stuck).toHaveLength(1);
  const render = (label: string, format: Format): Promise<string> => {
    const containers = model.containers && { ...model.containers, list: stuck.map((one) => ({ ...one, label })) };
    return new Exposition().render(familiesOf({ ...rest, model: { ...model, containers } }), format);
  };
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: fc.constantFrom(...'a{}=, "\\\n\r\t\0é€\u2028😀', '\ud800', '\udc00'), maxLength: 130 }),
      fc.constantFrom<Format>('text', 'openmetrics'),
      async (label, format) => {
        const named = linesOf(await render(label, format)).filter((line) =>
          line.startsWith('rtwatch_container_stuck_'),
        );
        expect(named).toHaveLength(1);
        expect(parseLine(named[0] ?? '').labels['container']).toBe(label.slice(0, 120).toWellFormed());
      },
    ),
  );
});
