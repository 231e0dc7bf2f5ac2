export { sampleBundle } from './bundle.ts';
export { samplePdf } from './pdf.ts';
