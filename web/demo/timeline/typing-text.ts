import { nameList } from './name-list.js';

/** "Ana and Bruno are typing …"; empty when nobody is. */
export function typingText(usernames: readonly string[]): string {
  if (usernames.length === 0) return '';
  return `${nameList(usernames)} ${usernames.length === 1 ? 'is' : 'are'} typing …`;
}
