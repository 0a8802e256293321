import { useState } from 'preact/hooks';
import type { FoundUser } from '../../src/admin/user-views.js';
import type { Api } from './api.js';
import { DataTable } from './data-table.js';
import { count } from './format.js';
import { UserCard } from './user-card.js';

/** Finds a user, shows where they are connected, and can end that. */
export function UserSearch({ api }: { readonly api: Api }) {
  const [text, setText] = useState('');
  const [found, setFound] = useState<readonly FoundUser[]>();
  const [chosen, setChosen] = useState<number>();
  const [notice, setNotice] = useState('');

  const search = async (): Promise<void> => {
    setChosen(undefined);
    try {
      const { users } = await api.findUsers(text.trim());
      setFound(users);
      setNotice(users.length === 0 ? 'Nobody has that id, or a user name that begins so.' : '');
      if (users.length === 1) setChosen(users[0]?.id);
    } catch (error) {
      setNotice(String(error instanceof Error ? error.message : error));
    }
  };

  return (
    <section class="panel half" aria-labelledby="users">
      <h2 id="users">Find a user</h2>
      <form
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          void search();
        }}
      >
        <label for="user-search">Id, or how the user name begins</label>
        <div class="field">
          <input
            id="user-search"
            value={text}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            maxLength={64}
            required
          />
          <button>Find</button>
        </div>
      </form>
      <p class="note" role="status">
        {notice}
      </p>
      {found && found.length > 0 && (
        <DataTable label="Users found" columns={['User name', 'Name', 'Id', 'Role', 'Connections', 'Details']}>
          {found.map((user) => (
            <tr key={user.id} class={user.id === chosen ? 'chosen' : ''}>
              <th scope="row">{user.username}</th>
              <td>{user.name}</td>
              <td class="number">{user.id}</td>
              <td>{user.isActive ? user.role : 'inactive'}</td>
              <td class="number">{count(user.connections)}</td>
              <td>
                <button class="quiet" aria-label={`Show ${user.username}`} onClick={() => setChosen(user.id)}>
                  Show
                </button>
              </td>
            </tr>
          ))}
        </DataTable>
      )}
      {chosen !== undefined && <UserCard key={chosen} api={api} userId={chosen} />}
    </section>
  );
}
