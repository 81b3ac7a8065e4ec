import type { Plugin } from 'rolldown';

/** The code without its imports of built-in modules, and what stands for them. */
export function takeBuiltins(
  code: string,
  load: (name: string) => string,
): { readonly heads: readonly string[]; readonly rest: string };

export function builtinsOnDemand(): Plugin;
