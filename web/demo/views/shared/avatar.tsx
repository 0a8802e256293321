/** How many colours the style sheet has (`hue-0` …). */
const HUES = 10;

/** Initials on a colour that is the person's own everywhere. Names stand beside it: it is decoration. */
export function Avatar({ username, small = false }: { readonly username: string; readonly small?: boolean }) {
  return (
    <span class={`avatar hue-${hueOf(username)} ${small ? 'small' : ''}`} aria-hidden="true">
      {initialsOf(username)}
    </span>
  );
}

function hueOf(username: string): number {
  let hash = 7;
  for (const character of username) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 9_973;
  return hash % HUES;
}

function initialsOf(username: string): string {
  const words = username.split(/[ ._-]+/).filter(Boolean);
  const [first = '', last = ''] = [words[0], words.length > 1 ? words.at(-1) : ''];
  return `${Array.from(first)[0] ?? ''}${Array.from(last)[0] ?? ''}`.toUpperCase();
}
