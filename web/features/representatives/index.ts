export { ActingBar, ActingSwitch } from './acting-bar.tsx';
export { ActingPage } from './acting-page.tsx';
export { ActingProvider, useActing } from './acting-provider.tsx';
export { MinorsPage } from './minors-page.tsx';
export { RepresentativesPage } from './representatives-page.tsx';
export { useRepresentations } from './use-representations.ts';
