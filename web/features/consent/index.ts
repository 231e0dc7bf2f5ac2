export { RolePicker } from './roles.tsx';
export { ScopeFields } from './scope-fields.tsx';
export {
  type ConsentWords,
  clampToFolders,
  emptyScope,
  endOfDay,
  isStanding,
  type ScopeDraft,
  scopeToChain,
  untilInDays,
  useConsentWords,
} from './words.ts';
