import type { Theme, ThemeChoice } from '../../state/theme.js';
import { useModel } from '../../state/use-model.js';
import { IconButton } from './icon-button.js';

const LABEL: Readonly<Record<ThemeChoice, string>> = {
  system: 'Colours: as the system has them',
  light: 'Colours: light',
  dark: 'Colours: dark',
};

export function ThemeButton({ theme }: { readonly theme: Theme }) {
  useModel(theme);
  return <IconButton icon={theme.choice} label={LABEL[theme.choice]} onClick={() => theme.next()} />;
}
