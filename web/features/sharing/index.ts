export { PendingRequests, useRequests } from './requests.tsx';
export { RequestsPage } from './requests-page.tsx';
export { SharingPage } from './sharing-page.tsx';
export { useConsents } from './use-consents.ts';
export { useSharing } from './use-sharing.ts';
