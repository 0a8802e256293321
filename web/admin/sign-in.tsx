import { useEffect, useState } from 'preact/hooks';
import { Api, demoToken, offersNames } from './api.js';
import { Mark } from './mark.js';
import { SignInField } from './sign-in-field.js';

/** Three parts with dots between: whether it is a good one is the server's to say. */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** Asks who one is, by name where the server allows that, or by an admin's token; and tries it before it is kept. */
export function SignIn({ onToken }: { readonly onToken: (token: string) => void }) {
  const [isByName, setByName] = useState<boolean>();
  const [problem, setProblem] = useState('');

  useEffect(() => void offersNames().then(setByName), []);

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
  const pasted = (token: string): string => {
    if (JWT.test(token)) return token;
    throw new Error(`This is no token: ${isByName ? 'sign in by name above, or paste a JWT' : 'paste a JWT'}.`);
  };

  return (
    <main class="sign-in">
      <img class="logo" src="../icon.svg" alt="" width="56" height="56" />
      <h1>Milonga dashboard</h1>
      <p>For admins. What you sign in with stays in this tab.</p>
      {isByName && (
        <SignInField
          id="name"
          label="User name"
          button="Sign in by name"
          isMain
          autocomplete="username"
          hint="This server hands out names, as in development (DEMO_LOGIN)."
          onEnter={(name) => void enter(() => demoToken(name))}
        />
      )}
      {isByName !== undefined && (
        <SignInField
          id="token"
          label={isByName ? 'or an admin token (JWT)' : 'Admin token (JWT)'}
          button="Open the dashboard"
          isMain={!isByName}
          isSecret
          autocomplete="off"
          hint="Your platform signs it, with JWT_SECRET or the key the server is told of, and an admin’s user id as sub."
          onEnter={(token) => void enter(() => pasted(token))}
        />
      )}
      <p class="refusal" role="alert">
        {problem !== '' && (
          <>
            <Mark is="bad" /> {problem}
          </>
        )}
      </p>
      <p class="note">
        Not an admin yet? Beside the code, <code>npm run make-admin -- ana</code> makes the user ana one. With the
        embedded database, stop the server first and start it again after. Or, in SQL:{' '}
        <code>UPDATE users SET role = 'admin' WHERE username = 'ana'</code>
      </p>
    </main>
  );
}
