import { useState } from 'preact/hooks';
import { slugOf } from '../../state/room-slug.js';
import { Icon } from '../shared/icon.js';

interface AddRoomProps {
  readonly suggestions: readonly string[];
  readonly onAdd: (slug: string) => void;
}

export function AddRoom({ suggestions, onAdd }: AddRoomProps) {
  const [typed, setTyped] = useState('');
  const slug = slugOf(typed);
  return (
    <section class="add-room" aria-label="Join another room">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (slug === '') return;
          setTyped('');
          onAdd(slug);
        }}
      >
        <label for="room" class="visually-hidden">
          Room name
        </label>
        <input
          id="room"
          placeholder="Join or make a room"
          value={typed}
          maxlength={64}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          aria-describedby="room-hint"
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        />
        <button class="icon-button" aria-label="Join the room" disabled={slug === ''}>
          <Icon name="plus" />
        </button>
      </form>
      <p id="room-hint" class="hint">
        {slug !== '' && slug !== typed ? `It will be called ${slug}.` : ''}
      </p>
      {suggestions.length > 0 && (
        <ul class="suggestions" aria-label="Suggested rooms">
          {suggestions.map((suggestion) => (
            <li key={suggestion}>
              <button type="button" onClick={() => onAdd(suggestion)}>
                {suggestion}
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
