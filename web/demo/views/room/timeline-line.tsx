import type { Row } from '../../timeline/timeline.js';
import { dayLabel } from '../../timeline/day.js';

/** What stands between the messages: days, who came and went, and where the new ones begin. */
export function TimelineLine({ row }: { readonly row: Exclude<Row, { kind: 'message' }> }) {
  switch (row.kind) {
    case 'day':
      return (
        <li class="day">
          <time dateTime={row.day}>{dayLabel(row.day, Date.now())}</time>
        </li>
      );
    case 'unread':
      return (
        <li class="unread-line">
          <span>New messages</span>
        </li>
      );
    case 'visits':
      return (
        <li class="visits">
          <bdi>{row.text}</bdi>
        </li>
      );
  }
}
