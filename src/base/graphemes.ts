interface Graphemes {
  readonly segment: (text: string) => Iterable<Intl.SegmentData>;
}

/** Of ASCII, only these two are one character. */
const lineEnd = '\r\n';
const ascii = /^\p{ASCII}*$/u;

/**
 * Cuts texts into what a reader takes for a character. The segmenter is made for the first text that is not ASCII: its tables take 1.2 MiB, and most
 * nodes have no such text. In the bundle it is also the one of the libraries (bin/lean-libraries.js).
 */
export const graphemes: Graphemes = madeOnDemand();

function madeOnDemand(): Graphemes {
  let segmenter: Intl.Segmenter | undefined;
  return {
    segment: (text) => {
      if (ascii.test(text) && !text.includes(lineEnd))
        return Array.from(text, (segment, index) => ({ segment, index, input: text }));
      segmenter ??= new Intl.Segmenter();
      return segmenter.segment(text);
    },
  };
}
