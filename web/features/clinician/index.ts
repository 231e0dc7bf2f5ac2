export { AskPage } from './ask-page.tsx';
export { ChartPage } from './chart-page.tsx';
export { RegisterPage } from './register-page.tsx';
export { type ProviderSession, RequireProvider } from './require-provider.tsx';
export { TodayPage } from './today-page.tsx';
