import fc from 'fast-check';
import { renderToString } from 'ink';
import { describe, expect, test, vi } from 'vitest';
import type { Model } from '../../src/model/model.ts';
import { run, type Verdicts } from '../../src/rules/engine/run.ts';
import { rules } from '../../src/rules/rules.ts';
import { goroutinesText } from '../../src/view/report/goroutines.ts';
import { goroutinesJson } from '../../src/view/report/goroutines-json.ts';
import { heapText } from '../../src/view/report/heap.ts';
import { reportJson } from '../../src/view/report/json.ts';
import { reportText } from '../../src/view/report/text.ts';
import { paneIds, paneOf } from '../../src/view/terminal/panes/panes.ts';
import { Screen } from '../../src/view/terminal/screen.tsx';
import { copiedOf } from '../../src/view/terminal/state/copy.ts';
import { initialState, type OpenPage, type ViewState } from '../../src/view/terminal/state/state.ts';
import { themeOf } from '../../src/view/terminal/theme/theme.ts';
import { httpHeap, stopLeakDump } from '../support/goroutines.ts';
import { live, sizeOf } from '../support/render.tsx';
import { idOf } from '../support/samples.ts';
import * as scenes from '../support/scenes.ts';
import { hostilePieces, hostileText, type Poison, poison, poisons } from './hostile-samples.ts';
import { expectFits, expectHarmless } from './safe-text.ts';

// Before chalk looks: with colours, so that our own sequences are there too.
vi.hoisted(() => {
  process.env['FORCE_COLOR'] = '1';
});

const nodes = {
  healthy: scenes.healthy,
  stopLeak: scenes.stopLeak,
  fdLeak: scenes.fdLeak,
  slowDisk: scenes.slowDisk,
  bare: scenes.bare,
  restarted: scenes.restarted,
  gone: scenes.gone,
  failing: scenes.failing,
  odd: scenes.odd,
};
type NodeName = keyof typeof nodes;
const anyScene = fc.constantFrom(...(Object.keys(nodes) as NodeName[]));
const anySize = fc.constantFrom('60x20', '80x24', '120x36');

interface Node {
  readonly model: Model;
  readonly verdicts: Verdicts;
}

function nodeOf({ name, choices }: { name: NodeName; choices: readonly Poison[] }): Node {
  const model = scenes.modelOf(nodes[name].map(poison(choices)));
  return { model, verdicts: run(rules, model) };
}

/** Not the node itself: a counterexample is to be read. */
const anyNode = fc.record({ name: anyScene, choices: poisons });

function screenOf({ model, verdicts }: Node, size: string, state: Partial<ViewState>, trouble: string | null = null) {
  const props = {
    model,
    verdicts,
    state: { ...initialState(), ...state },
    size: sizeOf(size),
    connection: { ...live, trouble },
    theme: themeOf({ color: true, ascii: false }),
  };
  return renderToString(<Screen {...props} />, { columns: props.size.columns });
}

function expectSafe(node: Node, size: string, state: Partial<ViewState>, trouble: string | null = null): void {
  const { columns, rows } = sizeOf(size);
  expectFits(screenOf(node, size, state, trouble), columns, rows);
}

describe('whatever the node calls its things', () => {
  test('the screen holds nothing but letters, and every line fits', () => {
    fc.assert(
      fc.property(anyNode, anySize, hostileText, (node, size, text) => {
        expectSafe(nodeOf(node), size, { message: { text, tone: 'warning' } }, text);
      }),
      { numRuns: 60 },
    );
  });

  test('so does each pane alone', () => {
    fc.assert(
      fc.property(anyNode, anySize, fc.constantFrom(...paneIds), (node, size, id) => {
        expectSafe(nodeOf(node), size, { focus: id, zoomed: true });
      }),
      { numRuns: 80 },
    );
  });

  test('so does everything that can be opened from there', () => {
    fc.assert(
      fc.property(anyNode, anySize, fc.nat(40), hostileText, (named, size, scroll, text) => {
        const node = nodeOf(named);
        for (const page of pagesOf(node, text, scroll)) expectSafe(node, size, { page });
        for (const finding of node.verdicts.findings) {
          const page = { kind: 'finding' as const, key: finding.key, chosen: scroll, scroll };
          expectSafe(node, size, { page });
        }
      }),
      { numRuns: 10 },
    );
  });

  test('so does a page in which such a text is searched for', () => {
    fc.assert(
      fc.property(anyNode, fc.constantFrom(...hostilePieces), (named, text) => {
        const node = nodeOf(named);
        const search = { text, current: 0, from: 0 };
        for (const page of pagesOf(node, text, 0)) expectSafe(node, '80x24', { page, search, typing: true });
      }),
      { numRuns: 10 },
    );
  });

  test('so does what is copied', () => {
    fc.assert(
      fc.property(anyNode, (named) => {
        const node = nodeOf(named);
        const shown = { ...node, theme: themeOf({ color: false, ascii: false }) };
        for (const id of paneIds) {
          const copied = copiedOf(shown, { ...initialState(), focus: id });
          if (copied.status === 'ok') expectHarmless(copied.text);
        }
        for (const { key } of node.verdicts.findings) {
          const page = { kind: 'finding' as const, key, chosen: 0, scroll: 0 };
          const copied = copiedOf(shown, { ...initialState(), page });
          if (copied.status === 'ok') expectHarmless(copied.text);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('the report holds nothing but letters, and no name begins a line of its own in it', () => {
    fc.assert(
      fc.property(anyNode, (named) => {
        const { model, verdicts } = nodeOf(named);
        const text = reportText(model, verdicts);
        expectHarmless(text);
        const heads = text.split('\n').filter((line) => /^(?:CRITICAL|WARNING|INFO): /.test(line.trimStart()));
        expect(heads.length).toBeLessThanOrEqual(verdicts.findings.length);
      }),
      { numRuns: 150 },
    );
  });

  test('the JSON is JSON', () => {
    fc.assert(
      fc.property(anyNode, (named) => {
        const { model, verdicts } = nodeOf(named);
        const json = JSON.stringify(reportJson(model, verdicts, true));
        expect(JSON.parse(json)).toMatchObject({ schema: 1 });
        // A terminal that shows it is as safe as from the text: RFC 8259 escapes only what is below U+0020.
        expect(json).not.toMatch(/[\u0000-\u001f]/);
      }),
      { numRuns: 150 },
    );
  });
});

describe('whatever a profile calls its functions', () => {
  test('the reports of goroutines and heap hold nothing but letters', () => {
    fc.assert(
      fc.property(poisons, hostileText, (choices, text) => {
        const { goroutines, heap } = profilesOf(choices, text);
        expectHarmless(goroutinesText(goroutines, 20));
        expectHarmless(heapText(heap, 20));
        JSON.parse(JSON.stringify(goroutinesJson(goroutines, 20)));
      }),
      { numRuns: 100 },
    );
  });
});

/** Every page but those of findings, each about something that is there. */
function pagesOf({ model }: Node, text: string, scroll: number): OpenPage[] {
  const choices: Poison[] = [
    { text, how: 'within' },
    { text, how: 'before' },
    { text: '', how: 'keep' },
  ];
  const { goroutines, heap } = profilesOf(choices, text);
  const containerId = model.containers?.list[0]?.id ?? text;
  const inspected = (json: string): OpenPage => {
    return { kind: 'inspect', containerId, answer: { status: 'ok', json }, revealed: scroll % 2 === 0, scroll };
  };
  const ofGoroutines = { kind: 'goroutines' as const, chosen: 1, byGrowth: false, filter: '', scroll };
  return [
    { kind: 'help', scroll },
    ...paneIds.flatMap((id): OpenPage[] => {
      const { rows, key } = paneOf(id);
      return (rows(model) ?? []).slice(0, 3).map((row) => ({ kind: 'details', pane: id, key: key(row), scroll }));
    }),
    inspected(JSON.stringify(inspectOf(text))),
    inspected(text),
    { kind: 'inspect', containerId: text, answer: { status: 'failed', detail: text }, revealed: false, scroll },
    { kind: 'log', containerId, daemon: null, all: false, follows: false, scroll },
    { kind: 'log', containerId: null, daemon: text, all: true, follows: true, scroll },
    { ...ofGoroutines, daemon: text, answer: { status: 'pending' }, opened: false },
    { ...ofGoroutines, daemon: text, answer: { status: 'failed', detail: text }, opened: false },
    { ...ofGoroutines, daemon: text, answer: { status: 'ok', given: goroutines }, opened: false },
    { ...ofGoroutines, daemon: text, answer: { status: 'ok', given: goroutines }, opened: true },
    { kind: 'heap', daemon: text, answer: { status: 'pending' }, scroll },
    { kind: 'heap', daemon: text, answer: { status: 'failed', detail: text }, scroll },
    { kind: 'heap', daemon: text, answer: { status: 'ok', heap: heap }, scroll },
    { kind: 'daemon-choice', purpose: 'dump', daemons: ['dockerd', text], chosen: 1, scroll: 0 },
    { kind: 'confirm', purpose: 'signal-dump', daemon: text, question: [text, 'Really?'], pid: 1, scroll: 0 },
  ];
}

function inspectOf(text: string): object {
  return {
    Id: idOf('a1'),
    Name: `/${text}`,
    Path: text,
    Args: [text, '--token', text],
    Image: text,
    State: { Status: text, Error: text, StartedAt: text, Health: { Status: text, Log: [{ Output: text }] } },
    Config: {
      Image: text,
      Env: [`A=${text}`],
      Labels: { [text]: text, 'io.kubernetes.pod.name': text },
      StopSignal: text,
    },
    HostConfig: { NetworkMode: text, LogConfig: { Type: text }, CpusetCpus: text, Tmpfs: { [text]: text } },
    Mounts: [{ Type: text, Source: text, Destination: text, Propagation: text }],
    NetworkSettings: { Networks: { [text]: { IPAddress: text } } },
  };
}

function profilesOf(choices: readonly Poison[], text: string) {
  const poisoned = <T extends object>(value: T): T => {
    const readings = { x: value } as unknown as scenes.Scene[number]['readings'];
    const sample = { v: 1, seq: 0, at: 0, monoMs: 0, readings, sampler: { pid: 1, cpuMs: 0, rssBytes: 0 } };
    return (poison(choices)(sample).readings as unknown as { x: T }).x;
  };
  return {
    goroutines: {
      name: text,
      growth: null,
      note: text,
      report: poisoned({ ...stopLeakDump(12), partial: true, error: text }),
    },
    heap: { ...poisoned({ heap: httpHeap(40) }).heap, name: text, partial: true, error: text },
  };
}
