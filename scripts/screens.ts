/**
 * `npm run screens -- FOLDER [--language de] [PAGE …]`: every screen as a picture, light and dark, 360 and 1280 px
 * wide, for people to look at. Starts the whole stack and the dApp as it was built, and stops them.
 */
import '../test/browser/screenshots.ts';
