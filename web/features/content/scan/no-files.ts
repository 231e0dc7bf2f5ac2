/** What the decoders of scans find where Node has its files: they look for them, and in browsers never ask. */
export {};
