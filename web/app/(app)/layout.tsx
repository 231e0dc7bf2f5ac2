import type { ReactNode } from 'react';
import { Shell } from '../../features/shell/index.ts';

export default function AppLayout({ children }: { readonly children: ReactNode }) {
  return <Shell>{children}</Shell>;
}
