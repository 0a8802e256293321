import { WebSocket } from 'ws';
import {
  MilongaClient,
  type ConnectionState,
  type MessageView,
  type MilongaClientOptions,
  type Room,
} from '../../src/client/index.js';
import type { TestServer, TestUser } from '../support/server.js';
import { unique } from '../support/unique.js';
import { bounded, eventually } from '../support/waiting.js';

const running = new Set<MilongaClient>();

/** Ends every client that `sdkClient` made. */
export function closeClients(): void {
  for (const client of running) client.close();
  running.clear();
}

/** A client of this user, not yet connected. */
export function sdkClient(
  url: string,
  user: { readonly token: string },
  options: Partial<MilongaClientOptions> = {},
): MilongaClient {
  const client = new MilongaClient({ url, getToken: () => user.token, WebSocket, ...options });
  running.add(client);
  return client;
}

export interface Member {
  readonly user: TestUser;
  readonly client: MilongaClient;
  readonly room: Room;
  /** All that the room showed. */
  readonly seen: MessageView[];
}

/** A new user with a connected client that has joined the room. */
export async function sdkMember(server: TestServer, slug = unique('room'), url = server.socketUrl): Promise<Member> {
  const user = await server.makeUser();
  const client = sdkClient(url, user);
  const room = client.room(slug);
  const seen: MessageView[] = [];
  room.on('message', (message) => seen.push(message));
  client.connect();
  await room.join();
  return { user, client, room, seen };
}

/** Waits for a state, however briefly it holds; looks at the present one first. */
export async function untilState<Status extends ConnectionState['status']>(
  client: MilongaClient,
  status: Status,
  within = 60_000,
): Promise<Extract<ConnectionState, { status: Status }>> {
  const { state } = client;
  if (isState(state, status)) return state;
  const reached = new Promise<Extract<ConnectionState, { status: Status }>>((resolve) => {
    const end = client.on('state', (now) => {
      if (!isState(now, status)) return;
      end();
      resolve(now);
    });
  });
  return bounded(reached, `The client is ${status}`, within);
}

function isState<Status extends ConnectionState['status']>(
  state: ConnectionState,
  status: Status,
): state is Extract<ConnectionState, { status: Status }> {
  return state.status === status;
}

export async function untilSeen({ seen }: Member, count: number, within = 60_000): Promise<string[]> {
  return eventually(`${count} messages`, () => (seen.length >= count ? texts(seen) : undefined), { within });
}

export function texts(messages: readonly MessageView[]): string[] {
  return messages.map(({ message }) => message);
}
