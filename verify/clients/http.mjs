import * as http from 'node:http';
import * as https from 'node:https';
import { URL } from 'node:url';

const TIMEOUT_MS = 4_000;

/**
 * @param {string} socketUrl the node's, for WebSockets
 * @param {string} path
 * @param {string | undefined} token
 * @returns {Promise<{ status: number, body: any }>} `body` is undefined where it is not JSON
 * @throws Error when there is no answer
 */
export async function getJson(socketUrl, path, token) {
  const url = new URL(path, socketUrl.replace(/^ws/, 'http'));
  const { get } = url.protocol === 'https:' ? https : http;
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  return new Promise((resolve, reject) => {
    // A connection of its own: a kept one may have died with its node.
    const request = get(url, { agent: false, timeout: TIMEOUT_MS, headers });
    request.on('timeout', () => request.destroy(new Error('No answer in time')));
    request.on('error', reject);
    request.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part) => (text += part));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: parse(text) }));
    });
  });
}

/** @param {string} text */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
