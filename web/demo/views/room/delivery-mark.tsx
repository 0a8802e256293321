import type { Mark } from '../../timeline/timeline.js';
import { Icon, type IconName } from '../shared/icon.js';

const MARKS: Readonly<Record<Exclude<Mark, 'none'>, { readonly icon: IconName; readonly text: string }>> = {
  waiting: { icon: 'clock', text: 'Waiting for the connection' },
  sending: { icon: 'clock', text: 'Sending' },
  sent: { icon: 'check', text: 'Sent' },
  failed: { icon: 'alert', text: 'Not sent' },
};

/** How far one's own message has come. */
export function DeliveryMark({ mark }: { readonly mark: Mark }) {
  if (mark === 'none') return null;
  const { icon, text } = MARKS[mark];
  return (
    <span class="mark" title={text}>
      <Icon name={icon} />
      <span class="visually-hidden">{text}</span>
    </span>
  );
}
