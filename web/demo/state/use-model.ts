import { useLayoutEffect, useState } from 'preact/hooks';
import type { Model } from './model.js';

/** Renders the component again whenever the model has changed. */
export function useModel(model: Model): void {
  const [, setVersion] = useState(0);
  // Before the browser does anything else, so that no change is missed between the rendering and this.
  useLayoutEffect(
    () =>
      model.subscribe(() => {
        setVersion((version) => version + 1);
      }),
    [model],
  );
}
