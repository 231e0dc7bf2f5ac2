'use client';

import { createContext } from 'react';
import type { Address } from 'viem';

/** The patient in whose name somebody acts on this page; undefined: in their own. */
export const ActingContext = createContext<Address | undefined>(undefined);
