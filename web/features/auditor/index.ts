export { ExportPage } from './export-page.tsx';
export { IntegrityPage } from './integrity-page.tsx';
export { LogPage } from './log-page.tsx';
export { OverviewPage } from './overview-page.tsx';
export { WatchingPage } from './watching-page.tsx';
