import { notFound } from 'next/navigation';
import { isAddress } from 'viem';
import { ChartPage } from '../../../../../features/clinician/index.ts';

type RouteProps = { readonly params: Promise<{ readonly patient: string }> };

export default async function Route({ params }: RouteProps) {
  const { patient } = await params;
  if (!isAddress(patient)) notFound();
  return <ChartPage patient={patient} />;
}
