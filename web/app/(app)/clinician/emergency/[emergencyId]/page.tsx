import { notFound } from 'next/navigation';
import { OneEmergencyPage } from '../../../../../features/break-glass/index.ts';

type RouteProps = { readonly params: Promise<{ readonly emergencyId: string }> };

export default async function Route({ params }: RouteProps) {
  const { emergencyId } = await params;
  // A uint64, from 1.
  if (!/^[1-9]\d{0,18}$/.test(emergencyId)) notFound();
  return <OneEmergencyPage emergencyId={BigInt(emergencyId)} />;
}
