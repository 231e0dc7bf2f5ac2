/** Shown when the server knows no network. Plain HTML: nothing else is running. */
export function NotSetUp() {
  return (
    <main style={{ maxWidth: 480, margin: '15vh auto', padding: 24, fontFamily: 'system-ui' }}>
      <h1>Chartkey is not set up</h1>
      <p>This server was started without a network. Whoever runs it should start it with npm start.</p>
    </main>
  );
}
