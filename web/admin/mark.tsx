const SIGNS = { good: '✓', watch: '▲', bad: '✕', none: '–' };

/** A state by colour and sign; the words beside it say it, too. */
export function Mark({ is }: { readonly is: keyof typeof SIGNS }) {
  return (
    <span class={`mark ${is}`} aria-hidden="true">
      {SIGNS[is]}
    </span>
  );
}
