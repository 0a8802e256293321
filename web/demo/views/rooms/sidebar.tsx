import type { Chat } from '../../state/chat.js';
import type { Theme } from '../../state/theme.js';
import { Avatar } from '../shared/avatar.js';
import { IconButton } from '../shared/icon-button.js';
import { ThemeButton } from '../shared/theme-button.js';
import { AddRoom } from './add-room.js';
import { RoomLink } from './room-link.js';

interface SidebarProps {
  readonly chat: Chat;
  readonly theme: Theme;
  /** A room was chosen: on a phone the drawer has done its work. */
  readonly onChosen: () => void;
  readonly onSignOut: () => void;
}

export function Sidebar({ chat, theme, onChosen, onSignOut }: SidebarProps) {
  const open = (slug: string): void => {
    chat.open(slug);
    onChosen();
  };
  const { user } = chat;
  return (
    <div class="sidebar">
      <header class="brand">
        <img src="icon.svg" alt="" width="32" height="32" />
        <h1>Milonga</h1>
      </header>
      <nav aria-label="My rooms">
        <h2>My rooms</h2>
        <ul>
          {chat.rooms.map((room) => (
            <li key={room.slug}>
              <RoomLink room={room} isCurrent={room === chat.current} onOpen={() => open(room.slug)} />
            </li>
          ))}
        </ul>
        <AddRoom suggestions={chat.suggestions} onAdd={open} />
      </nav>
      <footer class="me">
        {user && <Avatar username={user.username} />}
        <p>
          <bdi class="name">{user?.name ?? '…'}</bdi>
          <span class="hint">{user ? '' : 'Signing in …'}</span>
        </p>
        <ThemeButton theme={theme} />
        <IconButton icon="power" label="Sign out" onClick={onSignOut} />
      </footer>
    </div>
  );
}
