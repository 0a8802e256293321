import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { RoomModel } from '../../state/room-model.js';
import { charactersLeft } from '../../timeline/message-length.js';
import { typingText } from '../../timeline/typing-text.js';
import { Icon } from '../shared/icon.js';

/** From so many characters left on they are counted aloud. */
const TELL_FROM = 400;

const NOT_KEPT = 'This was not sent: too many messages wait already.';

interface ComposerProps {
  readonly room: RoomModel;
  readonly onSent: () => void;
}

/** The text field: Enter sends, Shift+Enter makes a new line. */
export function Composer({ room, onSent }: ComposerProps) {
  const [text, setText] = useState(room.draft);
  const [problem, setProblem] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  const left = charactersLeft(text);
  const canSend = text.trim() !== '' && left >= 0;

  useLayoutEffect(() => {
    // On touch screens the keyboard would jump up with it.
    if (matchMedia('(pointer: fine)').matches) field.current?.focus();
  }, []);
  useLayoutEffect(() => {
    if (!field.current) return;
    field.current.style.height = 'auto';
    field.current.style.height = `${field.current.scrollHeight}px`;
  }, [text]);

  const change = (to: string): void => {
    room.draft = to;
    room.type(to !== '');
    setProblem('');
    setText(to);
  };
  const send = (): void => {
    if (!canSend) return;
    room.send(text).catch(() => {
      // Nothing that was written gets lost: it stands in the field again.
      change(room.draft || text);
      setProblem(NOT_KEPT);
    });
    onSent();
    change('');
    field.current?.focus();
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <p class="typing">
        <bdi>{typingText(room.typists)}</bdi>
      </p>
      <textarea
        id="message"
        ref={field}
        rows={1}
        dir="auto"
        aria-label="Message"
        placeholder={`Message ${room.slug}`}
        aria-describedby="length"
        aria-invalid={left < 0}
        enterkeyhint="send"
        value={text}
        onInput={({ currentTarget }) => change(currentTarget.value)}
        onKeyDown={(event) => {
          // While an input method composes, Enter chooses a word.
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          send();
        }}
      />
      <button class="send" aria-label="Send" disabled={!canSend}>
        <Icon name="send" />
      </button>
      <p id="length" class={`length ${left < 0 || problem ? 'problem' : ''}`} role="status">
        {problem || (left < TELL_FROM && lengthText(left))}
      </p>
    </form>
  );
}

function lengthText(left: number): string {
  if (left >= 0) return `${left} characters left`;
  return `${-left} characters too many: a message has at most 4,000. Please split it.`;
}
