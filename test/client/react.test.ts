import { expect, test } from '@jest/globals';
import { createElement, type ReactNode } from 'react';
import { renderToString } from 'react-dom/server';
import { MilongaProvider, useConnectionState, useRoom } from '../../src/client/react/index.js';
import { sdkClient } from './sdk.js';

function Chat(): ReactNode {
  const connection = useConnectionState();
  const { state, messages, outbox, hasOlder } = useRoom('general-chat');
  return createElement('p', null, JSON.stringify({ connection, state, messages, outbox, hasOlder }));
}

test('rendered on a server, the hooks show what there is before anything happens, and connect nothing', () => {
  const client = sdkClient('ws://127.0.0.1:1', { token: '' });
  const html = renderToString(createElement(MilongaProvider, { client }, createElement(Chat)));
  expect(html.replaceAll('&quot;', '"')).toBe(
    '<p>{"connection":{"status":"offline","reason":"closed"},"state":"idle","messages":[],"outbox":[],"hasOlder":false}</p>',
  );
  expect(client.rooms).toEqual([]);
});

test('a hook outside of a provider says so', () => {
  expect(() => renderToString(createElement(Chat))).toThrow('There is no MilongaProvider around this component');
});
