'use client';

/** The last resort, when not even the frame of the page could be drawn. */
export default function GlobalError() {
  return (
    <html lang="en">
      <body>
        <main>
          <h1>Chartkey broke</h1>
          <p>Nothing of yours was lost or sent. Reload the page.</p>
        </main>
      </body>
    </html>
  );
}
