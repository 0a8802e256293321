import type { TargetedInputEvent } from 'preact';
import { useState } from 'preact/hooks';

interface SignInFieldProps {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly button: string;
  /** The way that most take. */
  readonly isMain: boolean;
  readonly isSecret?: boolean;
  readonly autocomplete: 'username' | 'off';
  /** Without the spaces around it. */
  readonly onEnter: (text: string) => void;
}

/** One way to sign in: a field and its button. */
export function SignInField(props: SignInFieldProps) {
  const { id, label, hint, button, isMain, isSecret = false, autocomplete, onEnter } = props;
  const [text, setText] = useState('');
  const field = {
    id,
    value: text,
    onInput: ({ currentTarget }: TargetedInputEvent<HTMLInputElement>) => setText(currentTarget.value),
    autocomplete,
    autocapitalize: 'none',
    spellcheck: false,
    'aria-describedby': `${id}-hint`,
    autofocus: isMain,
    required: true,
  } as const;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onEnter(text.trim());
      }}
    >
      <label for={id}>{label}</label>
      {isSecret ? <input {...field} type="password" /> : <input {...field} type="text" />}
      <p id={`${id}-hint`} class="note">
        {hint}
      </p>
      <button class={isMain ? 'primary' : ''}>{button}</button>
    </form>
  );
}
