export { type Chart, parseFhir, readChart } from './chart.ts';
export { ChartView } from './chart-view.tsx';
export { dayInWords, patientName } from './words.ts';
