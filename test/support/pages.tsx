import { renderToString } from 'ink';
import stringWidth from 'string-width';
import { expect } from 'vitest';
import type { Model } from '../../src/model/model.ts';
import type { Verdicts } from '../../src/rules/engine/run.ts';
import type { Overlay } from '../../src/view/terminal/page.ts';
import { contentOf } from '../../src/view/terminal/pages/contents.ts';
import { Page } from '../../src/view/terminal/pages/page.tsx';
import type { Search } from '../../src/view/terminal/pages/search.ts';
import { laySheet } from '../../src/view/terminal/pages/sheet.ts';
import type { Look } from '../../src/view/terminal/theme.ts';
import { plainLook, sizeOf } from './render.tsx';

export interface PageOptions {
  readonly verdicts?: Verdicts;
  readonly search?: Search;
  readonly typing?: boolean;
  readonly look?: Look;
}

/** A page over the panes as text, without what is around it, checked to fit and to hold nothing but printable text. */
export function pageText(overlay: Overlay, model: Model, size: string, options: PageOptions = {}): string {
  const { columns, rows } = sizeOf(size);
  const { verdicts = { findings: [], unknown: [] }, search = null, typing = false, look = plainLook } = options;
  const content = contentOf({ model, verdicts, look }, overlay, columns - 4);
  const follows = overlay.kind === 'log' && overlay.follows;
  const sheet = laySheet(content, { scroll: overlay.scroll, follows, search, typing, room: rows - 2 });
  const text = renderToString(<Page title={content.title} sheet={sheet} width={columns} height={rows} look={look} />, {
    columns,
  });
  const lines = text.split('\n');
  expect(lines.length).toBeLessThanOrEqual(rows);
  for (const line of lines) {
    expect(stringWidth(line), `wider than ${columns}: ${JSON.stringify(line)}`).toBeLessThanOrEqual(columns);
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  }
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

/** The text of a page without its frame and its line breaks: to find a sentence wherever it was wrapped. */
export function flat(text: string): string {
  return text.replaceAll(/ *│\n│ */g, ' ').replaceAll(/\s+/g, ' ');
}
