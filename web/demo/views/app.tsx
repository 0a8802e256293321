import type { AppModel } from '../state/app-model.js';
import type { Theme } from '../state/theme.js';
import { useModel } from '../state/use-model.js';
import { ChatPage } from './chat-page.js';
import { SignInPage } from './sign-in/sign-in-page.js';

export function App({ app, theme }: { readonly app: AppModel; readonly theme: Theme }) {
  useModel(app);
  const { chat } = app;
  if (chat === undefined) return <SignInPage app={app} theme={theme} />;
  return <ChatPage key={chat} chat={chat} theme={theme} onSignOut={() => app.signOut()} />;
}
