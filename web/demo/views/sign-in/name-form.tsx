import { useState } from 'preact/hooks';
import { SignInRefused } from '../../session/demo-sign-in.js';
import type { AppModel } from '../../state/app-model.js';

interface NameFormProps {
  readonly app: AppModel;
  /** The server offers no sign-in by name. */
  readonly onOff: () => void;
}

export function NameForm({ app, onOff }: NameFormProps) {
  const [problem, setProblem] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [name, setName] = useState('');
  const signIn = async (): Promise<void> => {
    setBusy(true);
    try {
      await app.signIn(name.trim());
    } catch (error) {
      if (error instanceof SignInRefused && error.isOff) onOff();
      else
        setProblem(error instanceof SignInRefused ? error.message : 'The server cannot be reached. Please try again.');
      setBusy(false);
    }
  };
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void signIn();
      }}
    >
      <label for="name">Your name</label>
      <input
        id="name"
        name="name"
        autocomplete="nickname"
        autocapitalize="words"
        spellcheck={false}
        maxlength={64}
        required
        autofocus
        aria-describedby="name-problem"
        aria-invalid={problem !== ''}
        value={name}
        onInput={({ currentTarget }) => {
          setName(currentTarget.value);
          setProblem('');
        }}
      />
      <p id="name-problem" class="problem" role="alert">
        {problem}
      </p>
      <button class="primary" disabled={isBusy}>
        {isBusy ? 'Signing in …' : 'Sign in'}
      </button>
      <p class="hint">No password here: this is a demo. Open a second tab under another name to talk to yourself.</p>
    </form>
  );
}
