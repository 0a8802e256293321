import { Model } from './model.js';
import { readStored, store } from './stored.js';

export type ThemeChoice = 'system' | 'light' | 'dark';

const KEY = 'milonga.theme';
const NEXT: Readonly<Record<ThemeChoice, ThemeChoice>> = { system: 'light', light: 'dark', dark: 'system' };

/** Light or dark: as the system has it, until the user chooses. The style sheet reads `data-theme`. */
export class Theme extends Model {
  choice: ThemeChoice;

  private readonly prefersDark = matchMedia('(prefers-color-scheme: dark)');

  constructor(private readonly root: HTMLElement) {
    super();
    const kept = readStored(localStorage, KEY);
    this.choice = kept === 'light' || kept === 'dark' ? kept : 'system';
    this.prefersDark.addEventListener('change', () => this.apply());
    this.apply();
  }

  next(): void {
    this.choice = NEXT[this.choice];
    store(localStorage, KEY, this.choice);
    this.apply();
    this.changed();
  }

  private apply(): void {
    const system = this.prefersDark.matches ? 'dark' : 'light';
    this.root.dataset['theme'] = this.choice === 'system' ? system : this.choice;
  }
}
