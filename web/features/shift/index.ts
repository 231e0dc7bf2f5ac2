export { ShiftPage } from './shift-page.tsx';
export { ShiftProvider } from './shift-provider.tsx';
export { StartShift } from './start-shift.tsx';
