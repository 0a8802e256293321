import { useEffect } from 'preact/hooks';
import { Mark } from './mark.js';
import type { Finding } from './verdict.js';

/** The whole state in a few words. */
export function VerdictPanel({ findings }: { readonly findings: readonly Finding[] }) {
  const worst = findings[0]?.level ?? 'good';
  const headline = { good: 'All well', watch: 'Worth a look', bad: 'Trouble' }[worst];
  useEffect(() => {
    document.title = `${headline} – Milonga`;
  }, [headline]);
  return (
    <div class={`verdict ${worst}`} role="status">
      <p class="headline">
        <Mark is={worst} /> {headline}
      </p>
      {findings.length > 0 && (
        <ul>
          {findings.map(({ level, text }) => (
            <li key={text}>
              <Mark is={level} /> {text}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
