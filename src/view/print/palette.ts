import type { StyledRun } from './styled-runs.ts';

export const paper = '#1d1f21';
const ink = '#c5c8c6';

/** The sixteen colours of a terminal, on a dark ground: normal, then bright. */
const sixteen = [
  ...['#282a2e', '#cc6666', '#b5bd68', '#f0c674', '#81a2be', '#b294bb', '#8abeb7', '#c5c8c6'],
  ...['#8a8d8f', '#ff7f7f', '#d5e08a', '#ffe08a', '#a3c4e0', '#d0b0dd', '#a8e0d8', '#ffffff'],
];

/** The colours of a run as CSS writes them; `ground` is null where the paper shows. */
export function coloursOf({ color, background, inverse }: StyledRun): { ink: string; ground: string | null } {
  const front = (color === null ? undefined : sixteen[color]) ?? ink;
  const back = background === null ? null : (sixteen[background] ?? null);
  return inverse ? { ink: back ?? paper, ground: front } : { ink: front, ground: back };
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
