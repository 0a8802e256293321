import { useState } from 'preact/hooks';
import { readToken } from '../../session/token.js';
import type { AppModel } from '../../state/app-model.js';

interface TokenFormProps {
  readonly app: AppModel;
  /** The server has no sign-in by name, as is right in production. */
  readonly isOnlyWay: boolean;
}

export function TokenForm({ app, isOnlyWay }: TokenFormProps) {
  const [token, setToken] = useState('');
  const [problem, setProblem] = useState('');
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (readToken(token.trim())) app.signInWithToken(token.trim());
        else setProblem('This does not look like a token. It has three parts with dots between them.');
      }}
    >
      {isOnlyWay && (
        <p class="hint">
          This server does not hand out names: its people come from your own platform. Paste a token (JWT) that your
          platform signed for you.
        </p>
      )}
      <label for="token">Token</label>
      <textarea
        id="token"
        name="token"
        rows={4}
        spellcheck={false}
        autocomplete="off"
        required
        aria-describedby="token-problem"
        aria-invalid={problem !== ''}
        value={token}
        onInput={({ currentTarget }) => {
          setToken(currentTarget.value);
          setProblem('');
        }}
      />
      <p id="token-problem" class="problem" role="alert">
        {problem}
      </p>
      <button class="primary">Sign in</button>
      <p class="hint">It is kept in this tab only, and sent to this server only.</p>
    </form>
  );
}
