/** The roles of colour; no other file names a colour. */
export type Tone = 'plain' | 'dim' | 'strong' | 'title' | 'critical' | 'warning' | 'good' | 'selected' | 'key';

/** How a terminal renders a tone. */
interface Style {
  readonly color?: 'red' | 'yellow' | 'green' | 'cyan';
  readonly bold?: true;
  readonly dim?: true;
  readonly inverse?: true;
}

/**
 * From the sixteen colours that every terminal has and every user can set. Dim is an attribute, not a colour: bright black is
 * the colour of the background in Solarized dark.
 */
const colours: Record<Tone, Style> = {
  plain: {},
  dim: { dim: true },
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
  dim: { dim: true },
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

/** Select Graphic Rendition (ECMA-48 8.3.117): the codes that turn an attribute on and off. */
const codes = {
  red: [31, 39],
  yellow: [33, 39],
  green: [32, 39],
  cyan: [36, 39],
  bold: [1, 22],
  dim: [2, 22],
  inverse: [7, 27],
} as const;

/** The control sequences before and after a text in a tone; empty for a plain one. */
interface ToneEdges {
  readonly before: string;
  readonly after: string;
}

export function edgesOf(tone: Tone, color: boolean): ToneEdges {
  return (color ? coloured : uncoloured)[tone];
}

function edgesOfStyle({ color, bold, dim, inverse }: Style): ToneEdges {
  const used = [
    ...(color === undefined ? [] : [codes[color]]),
    ...(bold ? [codes.bold] : []),
    ...(dim ? [codes.dim] : []),
    ...(inverse ? [codes.inverse] : []),
  ];
  const sequence = (code: number): string => `\u001b[${code}m`;
  return {
    before: used.map(([on]) => sequence(on)).join(''),
    after: used
      .toReversed()
      .map(([, off]) => sequence(off))
      .join(''),
  };
}

function edgesOfAll(styles: Record<Tone, Style>): Readonly<Record<Tone, ToneEdges>> {
  return Object.fromEntries(Object.entries(styles).map(([tone, style]) => [tone, edgesOfStyle(style)])) as Record<
    Tone,
    ToneEdges
  >;
}

const coloured = edgesOfAll(colours);
const uncoloured = edgesOfAll(monochrome);
