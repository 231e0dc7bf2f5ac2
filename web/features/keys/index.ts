export { KeysPage } from './keys-page.tsx';
export { type MadeKey, MakeKey } from './make-key.tsx';
