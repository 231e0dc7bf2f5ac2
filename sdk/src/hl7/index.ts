export {
  PURPOSES_OF_USE,
  type PurposeOfUse,
  purposeFromNumber,
  purposesFromMask,
  purposesToMask,
  purposeToNumber,
} from './purpose-of-use.ts';
