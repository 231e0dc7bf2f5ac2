/** A chart's line that ends in a key. */
export function Logo({ size = 28 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#087f5b" />
      <path
        d="M5 17h5l2.4-6 3.4 11 2.2-5h2.2"
        fill="none"
        stroke="#fff"
        strokeWidth="2.2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <circle cx="24" cy="17" r="3.4" fill="none" stroke="#fff" strokeWidth="2.2" />
    </svg>
  );
}
