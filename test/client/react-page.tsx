/** A page of the tests: a chat with the hooks, in React's strict mode. `?token=…&room=…` */
import { StrictMode, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { MilongaClient } from '../../src/client/index.js';
import { MilongaProvider, useConnectionState, useRoom } from '../../src/client/react/index.js';

const query = new URLSearchParams(location.search);
const client = new MilongaClient({
  url: `ws://${location.host}/ws`,
  getToken: () => query.get('token'),
});

function Chat({ slug }: { slug: string }): ReactNode {
  const connection = useConnectionState();
  const { state, messages, outbox, hasOlder, userCount, send, loadOlder } = useRoom(slug);
  return (
    <main>
      <p role="status">{`${connection.status}, ${state}, ${userCount}`}</p>
      {hasOlder && <button onClick={() => void loadOlder()}>Older</button>}
      <button onClick={() => void send(`from ${query.get('name') ?? ''}`)}>Send</button>
      <ul aria-label="messages">
        {messages.map(({ id, message }) => (
          <li key={id}>{message}</li>
        ))}
      </ul>
      <ul aria-label="outbox">
        {outbox.map(({ messageId, text }) => (
          <li key={messageId}>{text}</li>
        ))}
      </ul>
    </main>
  );
}

createRoot(document.body.appendChild(document.createElement('div'))).render(
  <StrictMode>
    <MilongaProvider client={client}>
      <Chat slug={query.get('room') ?? ''} />
    </MilongaProvider>
  </StrictMode>,
);
