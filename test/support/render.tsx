import { stripVTControlCharacters } from 'node:util';
import { renderToString } from 'ink';
import stringWidth from 'string-width';
import { expect } from 'vitest';
import type { Model } from '../../src/model/model.ts';
import { run, type Verdicts } from '../../src/rules/engine/run.ts';
import { rules } from '../../src/rules/rules.ts';
import type { TimelineView } from '../../src/timeline/timeline-view.ts';
import type { Connection } from '../../src/view/terminal/connection.ts';
import type { Size } from '../../src/view/terminal/layout/arrangement.ts';
import { type PaneId, paneIds, paneOf } from '../../src/view/terminal/panes/panes.ts';
import { paintLine } from '../../src/view/terminal/parts/line.ts';
import { paneRows } from '../../src/view/terminal/parts/pane-frame.ts';
import { Screen } from '../../src/view/terminal/screen.tsx';
import { initialState, type PaneState, type ViewState } from '../../src/view/terminal/state/state.ts';
import { type Theme, themeOf } from '../../src/view/terminal/theme/theme.ts';

export const plainTheme: Theme = themeOf({ color: false, ascii: false });
export const asciiTheme: Theme = themeOf({ color: false, ascii: true });

/** An app without a file for what the reader keeps. */
export const nothingKept = { view: null, file: '/nonexistent/view.json', command: [], trouble: null } as const;

export const live: Connection = {
  status: 'live',
  ageSeconds: 0.2,
  intervalMs: 1000,
  trouble: null,
  selfCost: { cpuPercent: 1.9, rssBytes: 121 * 1024 ** 2 },
};

export function sizeOf(text: string): Size {
  const [columns = 0, rows = 0] = text.split('x').map(Number);
  return { columns, rows };
}

/** The screen as text, checked to fit and to hold nothing but printable text. */
export function screenText(
  model: Model,
  size: string,
  change: {
    state?: Partial<ViewState>;
    connection?: Partial<Connection>;
    theme?: Theme;
    verdicts?: Verdicts;
    timeline?: TimelineView;
  } = {},
): string {
  const state = { ...initialState(), ...change.state };
  const text = renderToString(
    <Screen
      model={model}
      verdicts={change.verdicts ?? run(rules, model)}
      state={state}
      connection={{ ...live, ...change.connection }}
      theme={change.theme ?? plainTheme}
      size={sizeOf(size)}
      timeline={change.timeline ?? null}
    />,
    { columns: sizeOf(size).columns },
  );
  return fitting(text, size);
}

/** One pane as text, focused. */
export function paneText(
  id: PaneId,
  model: Model,
  size: string,
  bare = false,
  change: Partial<PaneState> = {},
  verdicts: Verdicts = { findings: [], unknown: [] },
): string {
  const { columns, rows } = sizeOf(size);
  const lines = paneRows({
    pane: paneOf(id),
    number: paneIds.indexOf(id) + 1,
    state: { ...initialState().panes[id], ...change },
    focused: true,
    typing: false,
    width: columns,
    height: rows,
    theme: plainTheme,
    model,
    verdicts,
    bare,
  });
  return fitting(lines.map((line) => paintLine(line, plainTheme)).join('\n'), size);
}

/** A frame without the sequences that set its style. */
export const plainText = (frame: string): string => stripVTControlCharacters(frame);

/** A frame as text, checked to fit and to hold nothing but printable text. */
export function fitting(frame: string, size: string): string {
  const text = plainText(frame);
  const { columns, rows } = sizeOf(size);
  const lines = text.split('\n');
  expect(lines.length).toBeLessThanOrEqual(rows);
  for (const line of lines) {
    expect(stringWidth(line), `wider than ${columns}: ${JSON.stringify(line)}`).toBeLessThanOrEqual(columns);
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  }
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}
