/** React's side of the client: state for components. The client itself is made by the application and handed in. */
import {
  createContext,
  createElement,
  useContext,
  useEffect,
  useMemo,
  useSyncExternalStore,
  type ReactNode,
} from 'react';
import type { ConnectionState, MilongaClient, Receipt, Room } from '../index.js';
import { RoomStore, type RoomView } from './room-store.js';

export type { RoomView } from './room-store.js';

export interface RoomHandle extends RoomView {
  readonly send: (text: string) => Promise<Receipt>;
  readonly retry: (messageId: string) => Promise<Receipt>;
  readonly discard: (messageId: string) => void;
  readonly loadOlder: () => Promise<void>;
}

const ClientContext = createContext<MilongaClient | undefined>(undefined);
/** Components that show the same room share it. */
const stores = new WeakMap<Room, RoomStore>();

/** Connects the client while it is mounted, and hands it to the hooks below it. */
export function MilongaProvider({ client, children }: { client: MilongaClient; children?: ReactNode }): ReactNode {
  useEffect(() => {
    client.connect();
    return () => client.close();
  }, [client]);
  return createElement(ClientContext.Provider, { value: client }, children);
}

export function useConnectionState(): ConnectionState {
  const client = useClient();
  const subscribe = useMemo(() => (listener: () => void) => client.on('state', listener), [client]);
  const state = (): ConnectionState => client.state;
  return useSyncExternalStore(subscribe, state, state);
}

/** Joins the room while a component shows it. */
export function useRoom(slug: string): RoomHandle {
  const client = useClient();
  const { store, subscribe, ...actions } = useMemo(() => {
    const room = client.room(slug);
    const store = storeOf(room);
    return {
      store,
      subscribe: (listener: () => void) => store.subscribe(listener),
      send: (text: string) => room.send(text),
      retry: (messageId: string) => room.retry(messageId),
      discard: (messageId: string) => room.discard(messageId),
      loadOlder: () => store.loadOlder(),
    };
  }, [client, slug]);
  const view = (): RoomView => store.view;
  return { ...useSyncExternalStore(subscribe, view, view), ...actions };
}

function useClient(): MilongaClient {
  const client = useContext(ClientContext);
  if (client === undefined) throw new Error('There is no MilongaProvider around this component');
  return client;
}

function storeOf(room: Room): RoomStore {
  let store = stores.get(room);
  if (store === undefined) {
    store = new RoomStore(room);
    stores.set(room, store);
  }
  return store;
}
