import type { RecordId } from '@chartkey/sdk';
import { notFound } from 'next/navigation';
import { isHash } from 'viem';
import { RecordPage } from '../../../../../features/records/index.ts';

type RouteProps = { readonly params: Promise<{ readonly recordId: string }> };

export default async function Route({ params }: RouteProps) {
  const { recordId } = await params;
  if (!isHash(recordId)) notFound();
  return <RecordPage recordId={recordId as RecordId} />;
}
