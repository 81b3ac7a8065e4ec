import type { Model } from '../../../model/model.ts';

/** Made once for a model, however often a frame asks: the layout does, and then what is drawn. */
export function ofModel<T>(make: (model: Model) => T): (model: Model) => T {
  const made = new WeakMap<Model, { readonly value: T }>();
  return (model) => {
    const known = made.get(model);
    if (known !== undefined) return known.value;
    const value = make(model);
    made.set(model, { value });
    return value;
  };
}
