import {
  ActionIcon,
  Button,
  Card,
  type CSSVariablesResolver,
  createTheme,
  type MantineThemeOverride,
} from '@mantine/core';

/**
 * Teal at shade 9 with automatic contrast holds WCAG AA in light and in dark.
 *
 * @param close What a button that closes something is called
 */
export function themeWith(close: string): MantineThemeOverride {
  return createTheme({
    primaryColor: 'teal',
    primaryShade: { light: 9, dark: 9 },
    autoContrast: true,
    colors: {
      // The library's dark greys lean to brown; these lean to the teal beside them.
      dark: [
        '#d5dcde',
        '#b8c2c5',
        '#8f9b9f',
        '#667378',
        '#3c484d',
        '#2f3a3f',
        '#232c30',
        '#192124',
        '#12181a',
        '#0c1113',
      ],
    },
    defaultRadius: 'md',
    fontFamily: "'Geist Variable', system-ui, sans-serif",
    headings: { fontFamily: "'Geist Variable', system-ui, sans-serif", fontWeight: '600' },
    respectReducedMotion: true,
    components: {
      CloseButton: { defaultProps: { 'aria-label': close } },
      // Named, not imported: the first page has no dialog, and should not load one.
      Modal: { defaultProps: { closeButtonProps: { 'aria-label': close }, centered: true } },
      ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'default', size: 'lg' } }),
      Button: Button.extend({ defaultProps: { mih: 36 } }),
      Card: Card.extend({ defaultProps: { withBorder: true, radius: 'md', padding: 'lg' } }),
    },
  });
}

export const cssVariables: CSSVariablesResolver = (t) => ({
  variables: {
    // A lighter hover, as the library has it, would fall below the contrast that text needs.
    '--mantine-color-teal-filled-hover': '#066649',
    '--mantine-primary-color-filled-hover': '#066649',
    '--mantine-color-red-filled-hover': '#a51f1f',
  },
  light: {
    '--mantine-color-body': '#fbfcfc',
    '--mantine-color-dimmed': t.colors.gray[7],
    '--mantine-color-anchor': '#076b4d',
    '--mantine-color-teal-light': '#e3f4ee',
    '--mantine-color-teal-light-hover': '#d3ece3',
    '--mantine-color-placeholder': t.colors.gray[6],
    '--mantine-color-teal-light-color': '#075c46',
    '--mantine-color-red-light-color': '#a61e1e',
    '--mantine-color-error': '#a61e1e',
    '--mantine-color-gray-light-color': t.colors.gray[9],
    '--mantine-color-orange-light-color': '#8f3d0a',
    '--mantine-color-yellow-light-color': '#704a00',
    '--ck-card': '#ffffff',
    '--ck-banner': '#eef8f5',
    '--ck-soft': '#f1f5f4',
  },
  dark: {
    '--mantine-color-body': '#12181a',
    '--mantine-color-dimmed': t.colors.gray[5],
    '--mantine-color-anchor': t.colors.teal[4],
    '--mantine-color-placeholder': t.colors.gray[6],
    '--mantine-color-teal-light': '#15342b',
    '--mantine-color-teal-light-hover': '#1a4035',
    '--mantine-color-teal-light-color': t.colors.teal[3],
    '--mantine-color-gray-light-color': t.colors.gray[2],
    '--mantine-color-red-light': '#40201f',
    '--mantine-color-red-light-hover': '#4d2726',
    '--mantine-color-red-light-color': t.colors.red[3],
    '--mantine-color-error': t.colors.red[3],
    '--ck-card': '#192124',
    '--ck-banner': '#17302a',
    '--ck-soft': '#1d2629',
  },
});
