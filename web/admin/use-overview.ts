import { useEffect, useState } from 'preact/hooks';
import type { Overview } from '../../src/admin/overview.js';
import { ApiProblem, type Api } from './api.js';
import { merged, sinceOf } from './merge.js';

const INTERVAL_MS = 5_000;

export interface Watched {
  /** The last that was heard. */
  readonly overview: Overview | undefined;
  /** Why nothing newer is. */
  readonly problem: ApiProblem | undefined;
  /** When the problem began, on this browser's clock. */
  readonly problemSince: number | undefined;
}

/** Asks every 5 s while somebody looks, and at once when somebody looks again. Ends with a token that is not good. */
export function useOverview(api: Api): Watched {
  const [watched, setWatched] = useState<Watched>({ overview: undefined, problem: undefined, problemSince: undefined });

  useEffect(() => {
    let known: Overview | undefined;
    let problemSince: number | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    let isAsking = false;

    const ask = async (): Promise<void> => {
      if (isAsking || isOver || document.hidden) return;
      clearTimeout(timer);
      isAsking = true;
      let problem: ApiProblem | undefined;
      try {
        known = merged(known, await api.overview(sinceOf(known)));
        problemSince = undefined;
      } catch (error) {
        problem = error instanceof ApiProblem ? error : new ApiProblem('refused', String(error));
        problemSince ??= Date.now();
      }
      isAsking = false;
      if (isGone()) return;
      setWatched({ overview: known, problem, problemSince });
      if (problem?.kind === 'unauthorized' || problem?.kind === 'forbidden') isOver = true;
      else timer = setTimeout(() => void ask(), INTERVAL_MS);
    };
    const isGone = () => isOver;
    const onLook = () => void ask();

    document.addEventListener('visibilitychange', onLook);
    void ask();
    return () => {
      isOver = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onLook);
    };
  }, [api]);

  return watched;
}
