import { Icon, type IconName } from './icon.js';

interface IconButtonProps {
  readonly icon: IconName;
  /** What it does, for those who do not see the icon, and on hovering. */
  readonly label: string;
  readonly class?: string;
  readonly onClick: () => void;
}

export function IconButton({ icon, label, class: extra = '', onClick }: IconButtonProps) {
  return (
    <button type="button" class={`icon-button ${extra}`} aria-label={label} title={label} onClick={onClick}>
      <Icon name={icon} />
    </button>
  );
}
