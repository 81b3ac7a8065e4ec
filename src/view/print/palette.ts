import type { Palette } from '../terminal/theme/tones.ts';
import type { StyledRun } from './styled-runs.ts';

/** What a frame is printed on: the ground of a terminal, and its own colour of text. */
export interface Paper {
  readonly ground: string;
  readonly ink: string;
}

const dark: Paper = { ground: '#1d1f21', ink: '#c5c8c6' };
const light: Paper = { ground: '#ffffff', ink: '#24292e' };

/** The ground that a palette is made for; dark for those that fit both. */
export const paperOf = (palette: Palette): Paper => (palette === 'light' ? light : dark);

/** The sixteen colours of a terminal, on a dark ground: normal, then bright. */
const sixteen = [
  ...['#282a2e', '#cc6666', '#b5bd68', '#f0c674', '#81a2be', '#b294bb', '#8abeb7', '#c5c8c6'],
  ...['#8a8d8f', '#ff7f7f', '#d5e08a', '#ffe08a', '#a3c4e0', '#d0b0dd', '#a8e0d8', '#ffffff'],
];

/** The colours of a run as CSS writes them; `ground` is null where the paper shows. */
export function coloursOf(
  { color, background, inverse }: StyledRun,
  paper: Paper,
): { ink: string; ground: string | null } {
  const front = color === null ? paper.ink : colourOf(color);
  const back = background === null ? null : colourOf(background);
  return inverse ? { ink: back ?? paper.ground, ground: front } : { ink: front, ground: back };
}

/** Levels of the cube of 6 × 6 × 6 colours (xterm, `256colres.pl`). */
const levels = [0, 95, 135, 175, 215, 255];

function colourOf(number: number): string {
  const known = sixteen[number];
  if (known !== undefined) return known;
  const hex = (level: number): string => level.toString(16).padStart(2, '0');
  if (number >= 232) return `#${hex(8 + (number - 232) * 10).repeat(3)}`;
  const cube = number - 16;
  return `#${[Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map((step) => hex(levels[step] ?? 0)).join('')}`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text as HTML and XML hold it. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (mark) => entities[mark] ?? mark);
}
