import { VerifyPage } from '../../../features/verify/index.ts';

type RouteProps = {
  readonly searchParams: Promise<{ readonly record?: string | string[] }>;
};

export default async function Route({ searchParams }: RouteProps) {
  const { record } = await searchParams;
  const asked = typeof record === 'string' ? record : undefined;
  // Another record in the address is another page.
  return <VerifyPage asked={asked} key={asked} />;
}
