import stringWidth from 'string-width';
import { expect } from 'vitest';
import type { Model } from '../../src/model/model.ts';
import type { Verdicts } from '../../src/rules/engine/run.ts';
import { chosenOf } from '../../src/view/terminal/pages/choices.ts';
import { contentOf } from '../../src/view/terminal/pages/contents.ts';
import { pageRows } from '../../src/view/terminal/pages/page-frame.ts';
import { layOutPage } from '../../src/view/terminal/pages/page-layout.ts';
import type { Search } from '../../src/view/terminal/pages/search.ts';
import { paintLine } from '../../src/view/terminal/parts/line.ts';
import type { OpenPage } from '../../src/view/terminal/state/page.ts';
import type { Theme } from '../../src/view/terminal/theme/theme.ts';
import { plainText, plainTheme, sizeOf } from './render.tsx';

export interface PageOptions {
  readonly verdicts?: Verdicts;
  readonly search?: Search;
  readonly typing?: boolean;
  readonly theme?: Theme;
}

/** A page over the panes as text, without what is around it, checked to fit and to hold nothing but printable text. */
export function pageText(page: OpenPage, model: Model, size: string, options: PageOptions = {}): string {
  const { columns, rows } = sizeOf(size);
  const { verdicts = { findings: [], unknown: [] }, search = null, typing = false, theme = plainTheme } = options;
  const content = contentOf({ model, verdicts, theme }, page, columns - 4);
  const selected = { chosen: chosenOf(page), pointer: theme.glyphs.pointer };
  const follows = page.kind === 'log' && page.follows;
  const pageLayout = layOutPage(content, { scroll: page.scroll, follows, search, typing, room: rows - 2, ...selected });
  const lines = pageRows({ title: content.title, pageLayout, width: columns, height: rows, theme }).map((line) =>
    plainText(paintLine(line, theme)),
  );
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
