import { useEffect, useState } from 'preact/hooks';
import type { Chat } from '../state/chat.js';
import { isRoomSlug } from '../state/room-slug.js';
import type { Theme } from '../state/theme.js';
import { useModel } from '../state/use-model.js';
import { ConnectionBanner } from './connection-banner.js';
import { PeopleList } from './people/people-list.js';
import { NoRoom } from './room/no-room.js';
import { RoomView } from './room/room-view.js';
import { Sidebar } from './rooms/sidebar.js';
import { SidePanel } from './shared/side-panel.js';
import { useMedia } from './shared/use-media.js';

interface ChatPageProps {
  readonly chat: Chat;
  readonly theme: Theme;
  readonly onSignOut: () => void;
}

type Drawer = 'rooms' | 'people' | undefined;

/** The rooms on the left, the conversation, and who is there on the right; on small screens the two sides are drawers. */
export function ChatPage({ chat, theme, onSignOut }: ChatPageProps) {
  useModel(chat);
  const [drawer, setDrawer] = useState<Drawer>();
  const hasRoomsBeside = useMedia('(min-width: 50rem)');
  const hasPeopleBeside = useMedia('(min-width: 75rem)');
  const { current } = chat;
  useAddress(chat);
  useTitle(chat);
  const close = (): void => setDrawer(undefined);
  return (
    <div class="chat">
      <a
        class="skip"
        href="#message"
        onClick={(event) => {
          // The address names the room.
          event.preventDefault();
          document.getElementById('message')?.focus();
        }}
      >
        Skip to the message field
      </a>
      <SidePanel side="left" label="Rooms" isInline={hasRoomsBeside} isOpen={drawer === 'rooms'} onClose={close}>
        <Sidebar chat={chat} theme={theme} onChosen={close} onSignOut={onSignOut} />
      </SidePanel>
      <div class="conversation">
        <ConnectionBanner state={chat.connection} onRetry={() => chat.client.connect()} />
        {current ? (
          <RoomView
            key={current.slug}
            room={current}
            chat={chat}
            hasRoomsBeside={hasRoomsBeside}
            hasPeopleBeside={hasPeopleBeside}
            onShowRooms={() => setDrawer('rooms')}
            onShowPeople={() => setDrawer('people')}
          />
        ) : (
          <NoRoom hasRoomsBeside={hasRoomsBeside} onShowRooms={() => setDrawer('rooms')} />
        )}
      </div>
      {current && (
        <SidePanel side="right" label="People" isInline={hasPeopleBeside} isOpen={drawer === 'people'} onClose={close}>
          <PeopleList room={current} me={chat.user} />
        </SidePanel>
      )}
    </div>
  );
}

/** The address names the open room, so that it can be shared and comes back on a reload. */
function useAddress(chat: Chat): void {
  const slug = chat.current?.slug ?? '';
  useEffect(() => {
    history.replaceState(null, '', slug ? `#${slug}` : location.pathname);
  }, [slug]);
  useEffect(() => {
    const onHash = (): void => {
      const named = location.hash.slice(1);
      if (isRoomSlug(named)) chat.open(named);
    };
    addEventListener('hashchange', onHash);
    return () => removeEventListener('hashchange', onHash);
  }, [chat]);
}

function useTitle({ unread, current }: Chat): void {
  const title = `${unread > 0 ? `(${unread}) ` : ''}${current ? `${current.slug} · ` : ''}Milonga`;
  useEffect(() => {
    document.title = title;
    return () => {
      document.title = 'Milonga';
    };
  }, [title]);
}
