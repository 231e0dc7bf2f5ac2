export { parseFhir } from './chart.ts';
export { ChartView } from './chart-view.tsx';
