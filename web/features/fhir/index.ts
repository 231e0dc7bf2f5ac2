export { parseFhir } from './chart.ts';
export { ChartView } from './chart-view.tsx';
export { mergeRecords } from './merge.ts';
export { TrendsView } from './trends-view.tsx';
