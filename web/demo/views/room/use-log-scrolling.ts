import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { RoomModel } from '../../state/room-model.js';

/** So near to the end counts as being there, in px. */
const END_PX = 48;
/** So near to the top (or to the end, after the cap cut it off) the next page is asked for, in px. */
const PAGE_PX = 400;

/**
 * Keeps the log where the reader wants it: at the end while they are at the end; else on the line they look at, whatever
 * comes above and below. Asks for older messages near the top, and tells the room whether its end is being read.
 */
export function useLogScrolling(room: RoomModel) {
  const box = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLOListElement>(null);
  const [isAtEnd, setAtEnd] = useState(true);
  const place = useRef<Place>({ isAtEnd: true, anchor: undefined });
  const isPlaced = useRef(false);
  const lastSent = useRef(newestOutgoing(room));

  const look = useCallback(() => {
    const { current: log } = box;
    const { current: lines } = list;
    if (!log || !lines) return;
    place.current = placeOf(log, lines);
    setAtEnd(place.current.isAtEnd && !room.hasNewer);
    room.watch(place.current.isAtEnd && !room.hasNewer && room.isLoaded && !document.hidden);
    if (!room.isLoaded) return;
    if (log.scrollTop < PAGE_PX) void room.loadOlder();
    if (log.scrollHeight - log.scrollTop - log.clientHeight < PAGE_PX) void room.loadNewer();
  }, [room]);

  const jumpToEnd = useCallback(() => {
    place.current = { isAtEnd: true, anchor: undefined };
    void room.jumpToNewest();
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [room]);

  // After every rendering, before it is painted.
  useLayoutEffect(() => {
    const { current: log } = box;
    if (!log) return;
    const sent = newestOutgoing(room);
    if (sent !== undefined && sent !== lastSent.current) jumpToEnd();
    lastSent.current = sent ?? lastSent.current;
    if (room.isLoaded && !isPlaced.current) {
      isPlaced.current = true;
      place.current = { isAtEnd: true, anchor: undefined };
      const line = log.querySelector<HTMLElement>('.unread-line');
      log.scrollTop = log.scrollHeight;
      if (line) log.scrollTop = Math.min(log.scrollTop, line.offsetTop - log.clientHeight / 4);
      look();
    } else {
      restore(log, place.current);
    }
  });

  useEffect(() => {
    const { current: log } = box;
    if (!log) return undefined;
    // A keyboard that opens on a phone makes the log smaller.
    const observer = new ResizeObserver(() => restore(log, place.current));
    observer.observe(log);
    document.addEventListener('visibilitychange', look);
    return () => {
      observer.disconnect();
      document.removeEventListener('visibilitychange', look);
    };
  }, [look]);

  return { box, list, isAtEnd, onScroll: look, jumpToEnd };
}

interface Place {
  readonly isAtEnd: boolean;
  /** The first line in sight, and how far below the top of the log it stands. */
  readonly anchor: { readonly line: HTMLElement; readonly top: number } | undefined;
}

function placeOf(log: HTMLElement, lines: HTMLElement): Place {
  const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < END_PX;
  const line = firstInSight(lines, log.scrollTop);
  return { isAtEnd, anchor: line && { line, top: line.offsetTop - log.scrollTop } };
}

function restore(log: HTMLElement, { isAtEnd, anchor }: Place): void {
  if (isAtEnd) log.scrollTop = log.scrollHeight;
  else if (anchor?.line.isConnected) log.scrollTop = anchor.line.offsetTop - anchor.top;
}

/** By halving: reading the place of a thousand lines at every scroll event would be felt. */
function firstInSight({ children }: HTMLElement, top: number): HTMLElement | undefined {
  let [from, to] = [0, children.length - 1];
  while (from < to) {
    const middle = (from + to) >> 1;
    const child = children[middle];
    if (child instanceof HTMLElement && child.offsetTop + child.offsetHeight > top) to = middle;
    else from = middle + 1;
  }
  const found = children[from];
  return found instanceof HTMLElement ? found : undefined;
}

function newestOutgoing({ outbox }: RoomModel): string | undefined {
  return outbox.at(-1)?.messageId;
}
