/** What a drawn frame is printed as, as `P` and the options offer it. */
export const frameFormats = ['txt', 'ansi', 'svg', 'html'] as const;
export type FrameFormat = (typeof frameFormats)[number];
