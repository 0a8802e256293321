import { render } from 'preact';
import 'uplot/dist/uPlot.min.css';
import './colours.css';
import './base.css';
import './panels.css';
import './sign-in.css';
import { App } from './app.js';
import { applyTheme } from './theme.js';

const root = document.getElementById('app');
if (root) {
  applyTheme();
  render(<App />, root);
}
