/** The demo: a chat that uses nothing of the server but the client SDK and the demo sign-in. */
import './main.css';
import { render } from 'preact';
import { AppModel } from './state/app-model.js';
import { Theme } from './state/theme.js';
import { App } from './views/app.js';

const root = document.getElementById('app');
if (root) render(<App app={new AppModel()} theme={new Theme(document.documentElement)} />, root);
