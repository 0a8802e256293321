import { useMemo, useState } from 'preact/hooks';
import { Api } from './api.js';
import { Dashboard } from './dashboard.js';
import { SignIn } from './sign-in.js';
import { chooseTheme, currentTheme, type Theme } from './theme.js';
import { keepToken, keptToken } from './token.js';

export function App() {
  const [token, setToken] = useState(keptToken);
  const [theme, setTheme] = useState(currentTheme);
  const api = useMemo(() => (token === undefined ? undefined : new Api(token)), [token]);

  const change = (next: string | undefined): void => {
    keepToken(next);
    setToken(next);
  };
  const paint = (next: Theme): void => {
    chooseTheme(next);
    setTheme(next);
  };

  if (!api) return <SignIn onToken={change} />;
  return <Dashboard api={api} theme={theme} onTheme={paint} onSignOut={() => change(undefined)} />;
}
