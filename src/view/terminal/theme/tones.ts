/** The roles of colour; no other file names a colour. */
export type Tone =
  | 'plain'
  | 'dim'
  | 'strong'
  | 'title'
  | 'critical'
  | 'warning'
  | 'good'
  | 'selected'
  | 'key'
  | 'link'
  | 'letter';

/** The tone of what is that severe. */
export function toneOf({ severity }: { readonly severity: 'critical' | 'warning' | 'info' }): Tone {
  return severity === 'info' ? 'plain' : severity;
}

/** How a terminal renders a tone. */
interface Style {
  /** Number of the colour in the palette of 256; those below 16 are the terminal's own, which its user can set. */
  readonly color?: number;
  readonly bold?: true;
  readonly dim?: true;
  readonly inverse?: true;
  readonly underline?: true;
}

type Styles = Readonly<Record<Tone, Style>>;

/** NO_COLOR (https://no-color.org) forbids colour, not weight. */
const monochrome: Styles = {
  plain: {},
  dim: { dim: true },
  strong: { bold: true },
  title: { bold: true },
  critical: { bold: true },
  warning: { bold: true },
  good: {},
  selected: { inverse: true },
  key: { bold: true },
  link: { underline: true },
  letter: { underline: true },
};

/** The colours of each palette; `none` for no colour. */
const palettes = {
  none: monochrome,
  // Dim is an attribute, not a colour: bright black is the colour of the background in Solarized dark.
  '16': {
    ...monochrome,
    title: { color: 6, bold: true },
    critical: { color: 1, bold: true },
    warning: { color: 3 },
    good: { color: 2 },
    key: { color: 6 },
  },
  dark: {
    ...monochrome,
    dim: { color: 246 },
    title: { color: 117, bold: true },
    critical: { color: 203, bold: true },
    warning: { color: 221 },
    good: { color: 114 },
    key: { color: 117 },
  },
  light: {
    ...monochrome,
    dim: { color: 242 },
    title: { color: 25, bold: true },
    critical: { color: 160, bold: true },
    warning: { color: 130 },
    good: { color: 28 },
    key: { color: 25 },
  },
  // Vermilion, orange and blue, which stay apart without red or green vision (Okabe and Ito, "Color Universal Design", 2008).
  'colour-blind': {
    ...monochrome,
    title: { color: 32, bold: true },
    critical: { color: 202, bold: true },
    warning: { color: 172 },
    good: { color: 32 },
    key: { color: 32 },
  },
} as const satisfies Readonly<Record<string, Styles>>;

/** Which colours the terminal gets. */
export type Palette = keyof typeof palettes;

/** How a tone looks in a palette. */
export function styleOf(tone: Tone, palette: Palette): Style {
  return palettes[palette][tone];
}

/** The control sequences before and after a text in a tone; empty for a plain one. */
interface ToneEdges {
  readonly before: string;
  readonly after: string;
}

/** What a tone writes before and after a text in a palette. */
export function edgesOf(tone: Tone, palette: Palette): ToneEdges {
  return edges[palette][tone];
}

/** Select Graphic Rendition (ECMA-48 8.3.117): the codes that turn an attribute on and off. */
const codes = { bold: ['1', '22'], dim: ['2', '22'], inverse: ['7', '27'], underline: ['4', '24'] } as const;

function edgesOfStyle({ color, bold, dim, inverse, underline }: Style): ToneEdges {
  const used = [
    ...(color === undefined ? [] : [[color < 8 ? String(30 + color) : `38;5;${color}`, '39'] as const]),
    ...(bold ? [codes.bold] : []),
    ...(dim ? [codes.dim] : []),
    ...(inverse ? [codes.inverse] : []),
    ...(underline ? [codes.underline] : []),
  ];
  const sequence = (code: string): string => `\u001b[${code}m`;
  return {
    before: used.map(([on]) => sequence(on)).join(''),
    after: used
      .toReversed()
      .map(([, off]) => sequence(off))
      .join(''),
  };
}

function mapped<K extends string, A, B>(record: Readonly<Record<K, A>>, give: (value: A) => B): Readonly<Record<K, B>> {
  return Object.fromEntries(Object.entries<A>(record).map(([key, value]) => [key, give(value)])) as Record<K, B>;
}

const edges = mapped<Palette, Styles, Readonly<Record<Tone, ToneEdges>>>(palettes, (styles) =>
  mapped<Tone, Style, ToneEdges>(styles, edgesOfStyle),
);
