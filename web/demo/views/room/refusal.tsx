export function Refusal({ onRetry }: { readonly onRetry: () => void }) {
  return (
    <div class="empty" role="alert">
      <h3>This room is not open to you</h3>
      <p>It may be private, or there is no such room. Somebody who is in it can let you in.</p>
      <button type="button" class="primary" onClick={onRetry}>
        Try again
      </button>
    </div>
  );
}
