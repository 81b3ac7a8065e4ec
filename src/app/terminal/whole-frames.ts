/** The terminal shows what is between them at once (DEC private mode 2026). */
const begin = '\u001b[?2026h';
const end = '\u001b[?2026l';

type Write = (text: string) => boolean;

/**
 * Ink writes what begins a frame, the frame and what ends it, each with a system call, and ssh sends each in a packet. Here they leave together, the
 * same bytes.
 */
export function wholeFrames(write: Write): Write {
  let isBegun = false;
  let isEnded = false;
  return (text) => {
    if (text === begin) {
      isBegun = true;
      return true;
    }
    if (isEnded && text === end) {
      isEnded = false;
      return true;
    }
    isEnded = isBegun;
    isBegun = false;
    return write(isEnded ? begin + text + end : text);
  };
}
