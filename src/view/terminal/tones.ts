/** The roles of colour; no other file names a colour. */
export type Tone = 'plain' | 'dim' | 'strong' | 'title' | 'critical' | 'warning' | 'good' | 'selected' | 'key';

/** How a terminal renders a tone. */
interface Style {
  readonly color?: string;
  readonly bold?: boolean;
  readonly dimColor?: boolean;
  readonly inverse?: boolean;
}

/** From the sixteen colours that every terminal has and every user can set. */
const colours: Record<Tone, Style> = {
  plain: {},
  dim: { color: 'gray' },
  strong: { bold: true },
  title: { color: 'cyan', bold: true },
  critical: { color: 'red', bold: true },
  warning: { color: 'yellow' },
  good: { color: 'green' },
  selected: { inverse: true },
  key: { color: 'cyan' },
};

/** NO_COLOR (https://no-color.org) forbids colour, not weight. */
const monochrome: Record<Tone, Style> = {
  plain: {},
  dim: { dimColor: true },
  strong: { bold: true },
  title: { bold: true },
  critical: { bold: true },
  warning: { bold: true },
  good: {},
  selected: { inverse: true },
  key: { bold: true },
};

export function styleOf(tone: Tone, color: boolean): Style {
  return color ? colours[tone] : monochrome[tone];
}
