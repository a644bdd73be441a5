import { mount } from 'svelte';
import App from './App.svelte';
import { Client } from './lib/client.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/parts.css';

const target = document.getElementById('app');
if (target === null) throw new Error('The page has no place for the app.');
mount(App, { target, props: { client: Client.forWindow() } });
