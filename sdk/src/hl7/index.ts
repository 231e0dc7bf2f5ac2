export {
  type BundleProblem,
  bundleProblems,
  describeProblem,
  type FhirBundle,
  type FhirResource,
} from './bundle.ts';
export { joinBundles } from './join-bundles.ts';
export {
  PURPOSES_OF_USE,
  type PurposeOfUse,
  purposeFromNumber,
  purposesFromMask,
  purposesToMask,
  purposeToNumber,
} from './purpose-of-use.ts';
export { type CompartmentSuggestion, type RecordType, recordTypeOfFhir } from './record-types.ts';
export { type BundlePart, countParts, splitBundle } from './split-bundle.ts';
