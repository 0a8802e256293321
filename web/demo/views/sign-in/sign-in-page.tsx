import { useState } from 'preact/hooks';
import type { AppModel } from '../../state/app-model.js';
import type { Theme } from '../../state/theme.js';
import { ThemeButton } from '../shared/theme-button.js';
import { NameForm } from './name-form.js';
import { TokenForm } from './token-form.js';

export function SignInPage({ app, theme }: { readonly app: AppModel; readonly theme: Theme }) {
  const [way, setWay] = useState<'name' | 'token' | 'only token'>('name');
  return (
    <main class="sign-in">
      <div class="card">
        <div class="sign-in-corner">
          <ThemeButton theme={theme} />
        </div>
        <img class="logo" src="icon.svg" alt="" width="56" height="56" />
        <h1>Milonga</h1>
        <p class="lead">Come in, find your people, and talk. Nothing you say gets lost on the way.</p>
        <p class="notice" role="status">
          {app.notice}
        </p>
        {way === 'name' ? (
          <NameForm app={app} onOff={() => setWay('only token')} />
        ) : (
          <TokenForm app={app} isOnlyWay={way === 'only token'} />
        )}
        {way !== 'only token' && (
          <button type="button" class="link" onClick={() => setWay(way === 'name' ? 'token' : 'name')}>
            {way === 'name' ? 'I have a token' : 'Sign in by name'}
          </button>
        )}
      </div>
    </main>
  );
}
