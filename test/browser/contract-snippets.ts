/**
 * What the contract tells people to paste into a page, word for word. Only the placeholders of tokens and the frames'
 * texts are replaced, by `paste`.
 */

/** "Authentication Flow", "Manual Pong", "Room Management" and "Chat Messages". */
export const CONNECT = `
// Client-side connection
const ws = new WebSocket('ws://localhost:5000');

ws.onopen = () => {
  console.log('WebSocket connected');
  // Must authenticate immediately after connection
};
`;

export const MANUAL_PONG = `
// If automatic pong doesn't work, respond manually
ws.onmessage = (event) => {
  const data = JSON.parse(event.data);
  
  if (data.type === 'ping') {
    ws.send(JSON.stringify({ type: 'pong' }));
  }
};
`;

export const AUTHENTICATE = `
// Send authentication message
ws.send(JSON.stringify({
  type: 'auth',
  token: 'your-jwt-access-token'
}));
`;

export const JOIN_ROOM = `
ws.send(JSON.stringify({
  type: 'join_room',
  roomSlug: 'general-chat'
}));
`;

export const SEND_MESSAGE = `
ws.send(JSON.stringify({
  type: 'chat_message',
  roomSlug: 'general-chat',
  message: 'Hello everyone!',
  messageId: 'msg_1729238400_123' // Optional, for tracking
}));
`;

export const LEAVE_ROOM = `
ws.send(JSON.stringify({
  type: 'leave_room',
  roomSlug: 'general-chat'
}));
`;

/** "Using Browser Console", step by step. */
export const CONSOLE_STEPS = {
  connectAndAuthenticate: `
// 1. Connect
const ws = new WebSocket('ws://localhost:5000');

// 2. Authenticate
ws.onopen = () => {
  ws.send(JSON.stringify({
    type: 'auth',
    token: 'your-jwt-token'
  }));
};
`,
  joinRoom: `
// 3. Join room
ws.send(JSON.stringify({
  type: 'join_room',
  roomSlug: 'test-room'
}));
`,
  sendMessage: `
// 4. Send message
ws.send(JSON.stringify({
  type: 'chat_message',
  roomSlug: 'test-room',
  message: 'Hello world!'
}));
`,
  listen: `
// 5. Listen for responses
ws.onmessage = (e) => console.log('Received:', JSON.parse(e.data));
`,
};

/** "Recommended Client Implementation". */
export const RECOMMENDED_CLIENT = `
class WebSocketClient {
  constructor(url, token) {
    this.url = url;
    this.token = token;
    this.reconnectDelay = 1000; // Start with 1 second
    this.maxReconnectDelay = 30000; // Max 30 seconds
    this.connect();
  }

  connect() {
    this.ws = new WebSocket(this.url);
    
    this.ws.onopen = () => {
      console.log('Connected');
      this.reconnectDelay = 1000; // Reset delay
      this.authenticate();
    };

    this.ws.onclose = () => {
      console.log('Disconnected, reconnecting...');
      setTimeout(() => this.connect(), this.reconnectDelay);
      this.reconnectDelay = Math.min(
        this.reconnectDelay * 2,
        this.maxReconnectDelay
      );
    };

    this.ws.onerror = (error) => {
      console.error('WebSocket error:', error);
    };

    this.ws.onmessage = (event) => {
      const data = JSON.parse(event.data);
      this.handleMessage(data);
    };
  }

  authenticate() {
    this.send({ type: 'auth', token: this.token });
  }

  send(data) {
    if (this.ws.readyState === WebSocket.OPEN) {
      this.ws.send(JSON.stringify(data));
    }
  }

  handleMessage(data) {
    // Handle incoming messages
    console.log('Received:', data);
  }
}

// Usage
const wsClient = new WebSocketClient('ws://localhost:5000', jwtToken);
`;
