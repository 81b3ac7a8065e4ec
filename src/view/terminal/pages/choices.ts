import { type Line, type Span, span, type Target } from '../parts/line.ts';
import type { OpenPage } from '../state/page.ts';

/** Something on a page that the reader can choose. */
export interface Choice {
  readonly target: Target;
  /** Index of the first of its lines. */
  readonly line: number;
}

/** The links and commands of a page, from its top. */
export function choicesOf(lines: readonly Line[]): readonly Choice[] {
  const choices: Choice[] = [];
  for (const [line, spans] of lines.entries()) {
    for (const { target } of spans) {
      if (target !== undefined && choices.at(-1)?.target !== target) choices.push({ target, line });
    }
  }
  return choices;
}

/** Which of its choices a page has selected, any integer, taken modulo their number; null for a page without choices. */
export function chosenOf(page: OpenPage): number | null {
  return page.kind === 'finding' || page.kind === 'details' ? (page.chosen ?? 0) : null;
}

/** The choice of that number, modulo how many there are; null when there is none. */
export function choiceAt(choices: readonly Choice[], chosen: number | null): Choice | null {
  const { length } = choices;
  return chosen === null || length === 0 ? null : (choices[((chosen % length) + length) % length] ?? null);
}

/** The lines with a pointer before the selected choice, in the blanks that are there. */
export function pointTo(lines: readonly Line[], choice: Choice | null, pointer: string): readonly Line[] {
  if (choice === null) return lines;
  return lines.map((line, index) => (index === choice.line ? pointed(line, choice.target, pointer) : line));
}

function pointed(line: Line, target: Target, pointer: string): Line {
  const place = line.findIndex((piece) => piece.target === target);
  const before = line[place - 1];
  if (before?.text.endsWith('  ') !== true) return line;
  const blank: Span = { ...before, text: before.text.slice(0, -2) };
  return [...line.slice(0, place - 1), blank, span(`${pointer} `, 'title'), ...line.slice(place)];
}
