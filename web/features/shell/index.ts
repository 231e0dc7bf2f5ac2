export { Shell } from './shell.tsx';
export { ThemeButton } from './theme-button.tsx';
