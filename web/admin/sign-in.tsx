import { useState } from 'preact/hooks';
import { Api, demoToken } from './api.js';
import { Mark } from './mark.js';

/** Asks for an admin's token, and tries it before it is kept. */
export function SignIn({ onToken }: { readonly onToken: (token: string) => void }) {
  const [token, setToken] = useState('');
  const [name, setName] = useState('');
  const [problem, setProblem] = useState('');

  const enter = async (tokenFrom: () => string | Promise<string>): Promise<void> => {
    setProblem('');
    try {
      const given = await tokenFrom();
      await new Api(given).overview(Date.now());
      onToken(given);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };

  return (
    <main class="sign-in">
      <h1>Milonga dashboard</h1>
      <p>For admins. The token stays in this tab.</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void enter(() => token.trim());
        }}
      >
        <label for="token">Admin token (JWT)</label>
        <input
          id="token"
          type="password"
          value={token}
          onInput={({ currentTarget }) => setToken(currentTarget.value)}
          autocomplete="off"
          spellcheck={false}
          required
        />
        <button>Open the dashboard</button>
      </form>
      <p class="refusal" role="alert">
        {problem !== '' && (
          <>
            <Mark is="bad" /> {problem}
          </>
        )}
      </p>
      <details>
        <summary>Where do I get one?</summary>
        <p>An admin is a user whose row says so:</p>
        <pre>
          <code>UPDATE users SET role = 'admin' WHERE username = 'ana';</code>
        </pre>
        <p>
          or, beside the code, <code>npm run make-admin -- ana</code>. (Stop the server first if its database is the
          embedded one.)
        </p>
        <p>
          The token is one of your platform’s own: signed with <code>JWT_SECRET</code>, or the key the server is told
          of, with that user’s id as <code>sub</code>.
        </p>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void enter(() => demoToken(name.trim()));
          }}
        >
          <label for="name">In development the server gives one by name (DEMO_LOGIN)</label>
          <div class="field">
            <input
              id="name"
              value={name}
              onInput={({ currentTarget }) => setName(currentTarget.value)}
              autocomplete="username"
              autocapitalize="none"
              spellcheck={false}
              required
            />
            <button class="quiet">Sign in by name</button>
          </div>
        </form>
      </details>
    </main>
  );
}
