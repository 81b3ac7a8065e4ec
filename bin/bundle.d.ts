import type { BuildOptions } from 'rolldown';

/** What dist/ and the single-file executable are both bundled with. */
export const bundling: BuildOptions;
