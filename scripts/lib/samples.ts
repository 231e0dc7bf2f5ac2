/** Made-up health data for demonstrations and tests. It lies with the dApp, which shows it too. */
export { sampleBundle, samplePdf } from '../../web/samples/index.ts';
