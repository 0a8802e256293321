import { afterEach, expect, test } from '@jest/globals';
import {
  AUTHENTICATE,
  CONNECT,
  CONSOLE_STEPS,
  JOIN_ROOM,
  LEAVE_ROOM,
  MANUAL_PONG,
  RECOMMENDED_CLIENT,
  SEND_MESSAGE,
} from '../browser/contract-snippets.js';
import { Page } from '../support/page.js';
import {
  authError,
  authSuccess,
  messageSent,
  newMessage,
  roomJoined,
  roomLeft,
  userJoined,
  userLeft,
} from '../support/server-frames.js';
import { describeOwnServer } from '../support/suite.js';
import { textLike } from '../support/matchers.js';
import { unique } from '../support/unique.js';
import { eventually } from '../support/waiting.js';

const INTERVAL_MS = 200;
const TIMEOUT_MS = 1_200;
const environment = { HEARTBEAT_INTERVAL_MS: String(INTERVAL_MS), HEARTBEAT_TIMEOUT_MS: String(TIMEOUT_MS) };

describeOwnServer("The contract's own samples", { environment, on: 'one' }, (server) => {
  let page: Page | undefined;
  afterEach(() => page?.close());

  function openPage(options = {}): Page {
    page = new Page(server, options);
    return page;
  }

  test('AUTH-1 to CHAT-2: "Authentication Flow", "Room Management" and "Chat Messages" answer as shown', async () => {
    const roomSlug = 'general-chat';
    const tab = openPage();
    const { other } = await server.members(roomSlug, 'other');
    const user = await server.makeUser('johndoe');

    tab.paste(CONNECT);
    await tab.prints('WebSocket connected');
    tab.paste(AUTHENTICATE.replace('your-jwt-access-token', user.token));
    expect(await tab.receives('auth_success')).toEqual(authSuccess(user));
    tab.paste(JOIN_ROOM);
    expect(await tab.receives('room_joined')).toEqual(roomJoined(roomSlug, 2));
    expect(await other.client.next()).toEqual(userJoined(user, roomSlug));
    tab.paste(SEND_MESSAGE);
    expect(await tab.receives('message_sent')).toEqual(messageSent(roomSlug, 'msg_1729238400_123'));
    const broadcast = newMessage(user, roomSlug, 'Hello everyone!', 'msg_1729238400_123');
    expect(await tab.receives('new_message')).toEqual(broadcast);
    expect(await other.client.next()).toEqual(broadcast);
    tab.paste(LEAVE_ROOM);
    expect(await tab.receives('room_left')).toEqual(roomLeft(roomSlug));
    expect(await other.client.next()).toEqual(userLeft(user, roomSlug));
  });

  test('BEAT-2: "Manual Pong" alone keeps the connection', async () => {
    const tab = openPage({ autoPong: false });
    tab.paste(CONNECT);
    await tab.prints('WebSocket connected');
    tab.paste(MANUAL_PONG);
    tab.paste(AUTHENTICATE.replace('your-jwt-access-token', (await server.makeUser()).token));
    await tab.receives('ping', Math.ceil((2 * TIMEOUT_MS) / INTERVAL_MS));
    expect(tab.closeCodes).toEqual([]);
  });

  test('CONN-3: "Using Browser Console", with steps 3 to 5 pasted before auth is answered', async () => {
    const tab = openPage();
    const user = await server.makeUser('johndoe');
    tab.paste(CONSOLE_STEPS.connectAndAuthenticate.replace('your-jwt-token', user.token));
    await eventually('The connection is open', () => (tab.paste('ws.readyState') === 1 ? true : undefined), {
      every: 1,
    });
    tab.paste(CONSOLE_STEPS.joinRoom);
    tab.paste(CONSOLE_STEPS.sendMessage);
    tab.paste(CONSOLE_STEPS.listen);
    await tab.receives('new_message');
    const made = textLike(new RegExp(`^msg_\\d{10}_${user.id}`));
    expect(tab.received.filter(({ type }) => type !== 'ping')).toEqual([
      authSuccess(user),
      roomJoined('test-room', 1),
      messageSent('test-room', made),
      newMessage(user, 'test-room', 'Hello world!', made),
    ]);
  });

  test('"Recommended Client Implementation" comes back by itself after a restart of the server', async () => {
    const tab = openPage();
    const user = await server.makeUser('johndoe');
    const roomSlug = unique('room');
    tab.paste(`const jwtToken = ${JSON.stringify(user.token)}`);
    tab.paste(RECOMMENDED_CLIENT);
    expect(await tab.receives('auth_success')).toEqual(authSuccess(user));
    tab.paste(`wsClient.send({ type: 'join_room', roomSlug: '${roomSlug}' })`);
    expect(await tab.receives('room_joined')).toEqual(roomJoined(roomSlug, 1));

    await server.restart();
    expect(tab.closeCodes[0]).toBe(1012);
    expect(await tab.receives('auth_success', 2)).toEqual(authSuccess(user));
    expect(tab.printed).toContainEqual(['Received:', authSuccess(user)]);
    expect(tab.printed).toContainEqual(['Disconnected, reconnecting...']);
  });

  test('AUTH-3: "Recommended Client Implementation" with a bad token is told so each time', async () => {
    const tab = openPage();
    tab.paste(`const jwtToken = 'not.a.token'`);
    tab.paste(RECOMMENDED_CLIENT);
    expect(await tab.receives('auth_error', 2)).toEqual(authError());
    await eventually('Two closes', () => tab.closeCodes[1]);
    expect(new Set(tab.closeCodes)).toEqual(new Set([4401]));
  });
});
