import Link from 'next/link';

export default function NotFound() {
  return (
    <main style={{ maxWidth: 480, margin: '15vh auto', padding: 24 }}>
      <h1>There is nothing here</h1>
      <p>The address may be mistyped, or the page has moved.</p>
      <Link href="/">Go to the start</Link>
    </main>
  );
}
