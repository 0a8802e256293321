import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Browser, BrowserContext } from 'playwright-core';
import { authSuccess, messageSent, newMessage, roomJoined, roomLeft } from '../support/server-frames.js';
import type { TestUser } from '../support/server.js';
import { eventually } from '../support/waiting.js';
import { BrowserConsole } from './browser-console.js';
import { launchChromium } from './chromium.js';
import {
  AUTHENTICATE,
  CONNECT,
  CONSOLE_STEPS,
  JOIN_ROOM,
  LEAVE_ROOM,
  MANUAL_PONG,
  RECOMMENDED_CLIENT,
  SEND_MESSAGE,
} from './contract-snippets.js';
import { ServerOn5000 } from './server-on-5000.js';

describe("the contract's own snippets, pasted into a browser's console", () => {
  const server = new ServerOn5000({ HEARTBEAT_INTERVAL_MS: '300', HEARTBEAT_TIMEOUT_MS: '2000' });
  let browser: Browser;
  let context: BrowserContext;
  let tab: BrowserConsole;
  let user: TestUser;

  beforeAll(async () => {
    browser = await launchChromium();
    await server.start();
  }, 90_000);
  afterAll(async () => {
    await browser.close();
    await server.stop();
  }, 60_000);

  beforeEach(async () => {
    context = await browser.newContext();
    user = await server.makeUser('johndoe');
    tab = await BrowserConsole.open(context, server.url);
  });
  afterEach(async () => {
    await context.close();
    await server.sendEveryoneHome();
  });

  test('"Authentication Flow" to "Chat Messages", one after the other', async () => {
    await tab.paste(CONNECT);
    await tab.prints('WebSocket connected');
    await tab.paste(MANUAL_PONG);
    // Not the contract's: what comes is shown beside what the contract's own handler does.
    await tab.paste("ws.addEventListener('message', ({ data }) => console.log('Received:', JSON.parse(data)))");
    await tab.paste(AUTHENTICATE.replace('your-jwt-access-token', user.token));
    expect(await tab.receives('auth_success')).toEqual(authSuccess(user));
    await tab.paste(JOIN_ROOM);
    expect(await tab.receives('room_joined')).toEqual(roomJoined('general-chat', 1));
    await tab.paste(SEND_MESSAGE);
    expect(await tab.receives('message_sent')).toEqual(messageSent('general-chat', 'msg_1729238400_123'));
    expect(await tab.receives('new_message')).toEqual(
      newMessage(user, 'general-chat', 'Hello everyone!', 'msg_1729238400_123'),
    );
    expect(await tab.receives('ping')).toEqual({ type: 'ping' });
    await tab.paste(LEAVE_ROOM);
    expect(await tab.receives('room_left')).toEqual(roomLeft('general-chat'));
  });

  test('"Using Browser Console", step by step', async () => {
    const other = await server.guest('other');
    await other.client.join('test-room');

    await tab.paste(CONSOLE_STEPS.connectAndAuthenticate.replace('your-jwt-token', user.token));
    // A person takes longer than a connection to paste the next step.
    await eventually('The connection is open', async () => (await tab.paste('ws.readyState')) === 1 || undefined);
    await tab.paste(CONSOLE_STEPS.joinRoom);
    await tab.paste(CONSOLE_STEPS.sendMessage);
    await tab.paste(CONSOLE_STEPS.listen);

    const message = await other.client.nextOfType('new_message');
    expect(message).toMatchObject({ data: { message: 'Hello world!', username: user.username } });
  });

  test('"Recommended Client Implementation", over a restart of the server', async () => {
    await tab.paste(`const jwtToken = ${JSON.stringify(user.token)}`);
    await tab.paste(RECOMMENDED_CLIENT);
    expect(await tab.receives('auth_success')).toEqual(authSuccess(user));
    await tab.paste("wsClient.send({ type: 'join_room', roomSlug: 'recommended' })");
    expect(await tab.receives('room_joined')).toEqual(roomJoined('recommended', 1));

    tab.received.length = 0;
    await server.restart();
    await tab.prints('Disconnected, reconnecting...');
    expect(await tab.receives('auth_success')).toEqual(authSuccess(user));
  });
});
