export { CopyButton } from './copy-button.tsx';
export { Crashed } from './crashed.tsx';
export { EmptyState } from './empty-state.tsx';
export { ErrorNotice } from './error-notice.tsx';
export { explain } from './explain.ts';
export { Loading } from './loading.tsx';
export { Logo } from './logo.tsx';
export { Page } from './page.tsx';
export { Person, shortAddress } from './person.tsx';
export { TechnicalDetails } from './technical-details.tsx';
export { ThemeButton } from './theme-button.tsx';
export {
  agoInWords,
  bytesInWords,
  clockInWords,
  dateInWords,
  dateTimeInWords,
  dayInWords,
} from './words.ts';
