export { LogEntries } from './log-entries.tsx';
export { useAccessLog } from './use-access-log.ts';
export { WhoLookedPage } from './who-looked-page.tsx';
