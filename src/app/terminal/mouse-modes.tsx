import { type ReactNode, useInsertionEffect } from 'react';

/** Presses and the wheel, in the form without limits (xterm's ctlseqs: 1000, 1006). A drag with Shift stays the terminal's selection. */
const on = '\u001b[?1000h\u001b[?1006h';
const off = '\u001b[?1006l\u001b[?1000l';

/** Turns the reports of the mouse on or off. */
export type SetMouse = (isOn: boolean) => void;

/** Writes the modes; it remembers nothing, and twice is as once. */
export const mouseSwitch =
  (write: (sequence: string) => void): SetMouse =>
  (isOn) =>
    write(isOn ? on : off);

/** Reports of the mouse for as long as the screen is there. An exit that unmounts nothing turns them off as well. */
export function MouseModes({ set, children }: { readonly set: SetMouse; readonly children: ReactNode }): ReactNode {
  useInsertionEffect(() => {
    const end = (): void => set(false);
    process.on('exit', end);
    set(true);
    return () => {
      process.off('exit', end);
      set(false);
    };
  }, [set]);
  return children;
}
