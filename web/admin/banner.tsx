import { useEffect } from 'preact/hooks';
import type { ApiProblem } from './api.js';
import { clock } from './format.js';
import { Mark } from './mark.js';

interface BannerProps {
  readonly problem: ApiProblem;
  /** On this browser's clock. */
  readonly since: number;
}

/** What is below is not what is: says since when, why, and what comes next. */
export function Banner({ problem, since }: BannerProps) {
  useEffect(() => {
    document.title = 'No news – Milonga';
  }, []);
  return (
    <div class="banner" role="alert">
      <p>
        <Mark is="bad" /> <strong>{problem.message}</strong> {nextOf(problem)}
        <br />
        <small>Since {clock(since)}. What is shown is from before.</small>
      </p>
    </div>
  );
}

function nextOf({ kind }: ApiProblem): string {
  switch (kind) {
    case 'unauthorized':
    case 'forbidden':
      return 'Sign in again to go on.';
    case 'unavailable':
      return 'Messages are refused, and nobody can sign in, until it does. Asking every 5 s.';
    default:
      return 'Asking every 5 s.';
  }
}
