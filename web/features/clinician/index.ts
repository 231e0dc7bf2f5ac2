export { AskPage } from './ask-page.tsx';
export { ChartPage } from './chart-page.tsx';
export { RegisterPage } from './register-page.tsx';
export { TodayPage } from './today-page.tsx';
