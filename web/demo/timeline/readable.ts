/**
 * The server writes `&lt;` for a `<` that opens markup, for pages that put the text into innerHTML (CHAT-7). This page
 * never does, so it turns that back and shows what was written.
 */
export function readable(message: string): string {
  return message.replaceAll('&lt;', '<');
}
