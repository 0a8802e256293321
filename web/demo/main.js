/** The demo chat: a small client of the v1 protocol. What people wrote reaches the page as text only, never as HTML. */

import './main.css';

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;
const LONGEST_LOG = 500;

/** Close codes after which coming back by itself would be wrong: what to tell the user instead. */
const STOP = {
  4401: 'Please sign in again.',
  4409: 'You are here in too many places at once, so this one was closed. Please sign in again.',
};
const CLOSED_FOR_SIZE = 1009;
const CLOSED_FOR_FLOODING = 4429;

/** Where the server says that its socket is. */
const { websocketUrl } = await (await fetch('/config.json')).json();

const element = (id) => document.getElementById(id);
const log = element('log');

/** {token, user}. Kept for this tab, so that a reload stays signed in and two tabs can be two people. */
let session = JSON.parse(sessionStorage.getItem('session'));
let socket;
let authenticated = false;
let attempts = 0;
let retry;
/** The room the user wants to be in; `joined` says whether the server has let us in on this connection. */
let room = '';
let joined = false;
let userCount = 0;
/** The newest message on the page; ids rise within a room. */
let lastId = 0;
/** Live messages that wait until what was missed is on the page; undefined when nothing is being fetched. */
let held;
/** What was not acknowledged yet, by messageId. Sending it again under the same id is harmless (CHAT-4). */
const pending = new Map();
/** The lines of one's own messages that the room has not shown yet, by messageId. */
const ownLines = new Map();

// Connection

function connect() {
  clearTimeout(retry);
  retry = undefined;
  say('Connecting …');
  const current = new WebSocket(websocketUrl);
  socket = current;
  current.onopen = () => send({ type: 'auth', token: session.token });
  current.onmessage = ({ data }) => {
    const frame = JSON.parse(data);
    if (current === socket && Object.hasOwn(handlers, frame.type)) handlers[frame.type](frame);
  };
  current.onclose = ({ code }) => {
    if (current === socket) onClosed(code);
  };
}

function onClosed(code) {
  authenticated = false;
  joined = false;
  if (code in STOP) {
    signOut(STOP[code]);
    return;
  }
  if (code === CLOSED_FOR_SIZE) for (const id of pending.keys()) fail(id, 'too big');
  const longest = code === CLOSED_FOR_FLOODING ? LONGEST_DELAY_MS : FIRST_DELAY_MS * 2 ** attempts;
  // Half of the wait is chance, so that a crowd does not come back all at once.
  const delay = Math.min(longest, LONGEST_DELAY_MS) * (0.5 + Math.random() / 2);
  attempts += 1;
  say(`Not connected. Trying again in ${Math.ceil(delay / 1000)} s.`);
  retry = setTimeout(connect, delay);
}

function send(frame) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
}

const handlers = {
  ping: () => send({ type: 'pong' }),

  auth_success({ user }) {
    // Only now: a server that lets everybody connect and nobody in must not be asked every second.
    attempts = 0;
    authenticated = true;
    session.user = user;
    say(`Signed in as ${user.name || user.username}.`);
    if (room) send({ type: 'join_room', roomSlug: room });
  },

  room_joined(frame) {
    if (frame.roomSlug !== room) return;
    const isNew = element('room').hidden;
    joined = true;
    show('room');
    setUserCount(frame.userCount);
    element('room-name').textContent = room;
    location.hash = room;
    if (isNew) element('message').focus();
    for (const [messageId, message] of pending) send({ type: 'chat_message', roomSlug: room, message, messageId });
    void catchUp(room);
  },

  room_left({ roomSlug }) {
    if (roomSlug === room) leaveRoom();
  },

  user_joined({ data }) {
    if (data.roomSlug !== room) return;
    setUserCount(userCount + 1);
    addNote(`${data.username} joined`);
  },

  user_left({ data }) {
    if (data.roomSlug !== room) return;
    setUserCount(userCount - 1);
    addNote(`${data.username} left`);
  },

  message_sent({ messageId }) {
    pending.delete(messageId);
    setState(ownLines.get(messageId), 'sent', '');
  },

  new_message({ data }) {
    if (data.chatRoomSlug !== room) return;
    if (held) held.push(data);
    else showMessage(data);
  },

  error({ message, messageId }) {
    if (messageId !== undefined) {
      fail(messageId, message);
    } else {
      say(message);
      if (!joined) room = '';
    }
  },
};

// Signing in and out

element('sign-in').onsubmit = async (event) => {
  event.preventDefault();
  const username = element('username').value.trim();
  const name = element('name').value.trim();
  try {
    const response = await fetch('auth/demo', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, ...(name && { name }) }),
    });
    if (response.status === 404) {
      say('This server does not offer the demo sign-in.');
      return;
    }
    const answer = await response.json();
    if (!response.ok) {
      say(String(answer.message));
      return;
    }
    session = answer;
    sessionStorage.setItem('session', JSON.stringify(session));
    enter();
  } catch {
    say('The server cannot be reached.');
  }
};

function enter() {
  show('join');
  element('slug').focus();
  connect();
}

function signOut(reason) {
  const old = socket;
  socket = undefined;
  authenticated = false;
  old?.close(1000);
  clearTimeout(retry);
  retry = undefined;
  session = null;
  sessionStorage.removeItem('session');
  leaveRoom();
  show('sign-in');
  say(reason);
  element('username').focus();
}

element('sign-out').onclick = () => signOut('You have signed out.');

// The room

element('join').onsubmit = (event) => {
  event.preventDefault();
  room = element('slug').value;
  // Else the room is joined as soon as the server knows us.
  if (authenticated) send({ type: 'join_room', roomSlug: room });
};

element('leave').onclick = () => {
  // Without a connection there is nobody to answer, and the server knows that we are gone.
  if (joined) send({ type: 'leave_room', roomSlug: room });
  else leaveRoom();
};

/** Shows what was said while we were away (or, at first, the newest page), then what came in the meantime. */
async function catchUp(slug) {
  const mine = (held = []);
  log.ariaBusy = 'true';
  try {
    let isMore = true;
    while (isMore) {
      const query = lastId ? `?limit=100&after=${lastId}` : '';
      const headers = { authorization: `Bearer ${session.token}` };
      const response = await fetch(`rooms/${slug}/messages${query}`, { headers });
      if (!response.ok || held !== mine) break;
      const { messages, hasMore } = await response.json();
      if (held !== mine) break;
      messages.forEach(showMessage);
      isMore = Boolean(query) && hasMore;
    }
  } catch {
    // The connection is gone, too: the next one begins here again.
  }
  // Else the room was left, or joined anew, since.
  if (held !== mine) return;
  held = undefined;
  mine.forEach(showMessage);
  log.ariaBusy = 'false';
}

function showMessage(data) {
  if (data.id <= lastId) return;
  lastId = data.id;
  if (data.userSlug === String(session.user.id)) {
    ownLines.get(data.slug)?.remove();
    ownLines.delete(data.slug);
    pending.delete(data.slug);
  }
  addMessage(data.username, data.message, new Date(data.createdAt));
}

function leaveRoom() {
  room = '';
  joined = false;
  lastId = 0;
  held = undefined;
  pending.clear();
  ownLines.clear();
  log.replaceChildren();
  show('join');
  element('slug').focus();
}

element('compose').onsubmit = (event) => {
  event.preventDefault();
  const message = element('message').value;
  if (!message.trim()) return;
  const messageId = `msg_${Date.now()}_${crypto.getRandomValues(new Uint32Array(2)).join('')}`;
  ownLines.set(messageId, addMessage(session.user.username, message, new Date()));
  deliver(messageId, message);
  element('message').value = '';
};

function deliver(messageId, message) {
  pending.set(messageId, message);
  setState(ownLines.get(messageId), 'pending', 'sending …');
  // Else it goes out when the room is joined again.
  if (joined) send({ type: 'chat_message', roomSlug: room, message, messageId });
}

function fail(messageId, reason) {
  const message = pending.get(messageId);
  if (message === undefined) return;
  pending.delete(messageId);
  const again = document.createElement('button');
  again.className = 'quiet';
  again.textContent = 'Send again';
  again.onclick = () => deliver(messageId, message);
  setState(ownLines.get(messageId), 'failed', `not sent: ${reason} `, again);
}

// What is seen

function say(text) {
  element('status').textContent = text;
}

function show(part) {
  for (const id of ['sign-in', 'join', 'room']) element(id).hidden = id !== part;
  element('sign-out').hidden = part === 'sign-in';
}

function setUserCount(count) {
  userCount = count;
  element('user-count').textContent = count === 1 ? '1 person here' : `${count} people here`;
}

function addMessage(username, message, at) {
  const text = make('p', 'text', readable(message));
  text.dir = 'auto';
  const time = make('time', '', at.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }));
  time.dateTime = at.toISOString();
  return addLine('', make('bdi', 'who', username), ' ', time, ' ', make('span', 'state', ''), text);
}

/**
 * The server writes `&lt;` for a `<` that opens markup, for pages that put the text into innerHTML. This page never
 * does, so it turns that back and shows what was written.
 */
function readable(message) {
  return message.replaceAll('&lt;', '<');
}

function addNote(text) {
  addLine('note', text);
}

function addLine(className, ...content) {
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  const line = make('li', className, '');
  line.append(...content);
  log.append(line);
  while (log.children.length > LONGEST_LOG) log.firstChild.remove();
  if (atEnd) log.scrollTop = log.scrollHeight;
  return line;
}

function setState(line, className, ...content) {
  if (!line) return;
  line.className = className;
  line.querySelector('.state').replaceChildren(...content);
}

function make(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

// Start

globalThis.addEventListener('online', () => {
  if (retry !== undefined) connect();
});

if (location.hash.length > 1) element('slug').value = location.hash.slice(1);

if (session) {
  enter();
} else {
  show('sign-in');
}
