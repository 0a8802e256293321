/** The browser's side of Milonga. */
export type { ServerFrame } from '../protocol/index.js';
